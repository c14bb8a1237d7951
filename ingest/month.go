package ingest

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// months are the names of the months, long and short, in the languages of the page; accents count, dots do not.
var months = func() map[string]int {
	m := map[string]int{}
	for _, list := range []string{
		"january february march april may june july august september october november december",
		"jan feb mar apr may jun jul aug sep oct nov dec",
		"januar februar märz april mai juni juli august september oktober november dezember",
		"jänner feber mrz apr mai jun jul aug sept okt nov dez",
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
		"janv févr mars avr mai juin juil août sept oct nov déc",
		"janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
		"ene feb mar abr may jun jul ago sept oct nov dic",
		"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
		"gen feb mar apr mag giu lug ago set ott nov dic",
		"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
		"jan fev mar abr mai jun jul ago set out nov dez",
		"januari februari maart april mei juni juli augustus september oktober november december",
		"jan feb mrt apr mei jun jul aug sep okt nov dec",
	} {
		for i, name := range strings.Fields(list) {
			m[name] = i + 1
		}
	}
	return m
}()

var weekdays = words("mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo")

func word(b []byte) (string, int) {
	n := 0
	for n < len(b) && (b[n]|0x20 >= 'a' && b[n]|0x20 <= 'z' || b[n] >= utf8.RuneSelf) {
		n++
	}
	if n == 0 || n > 16 {
		return "", 0
	}
	return strings.ToLower(string(b[:n])), n
}

func monthWord(b []byte) (month, size int) {
	w, n := word(b)
	return months[w], n
}

// weekday skips the name of a day before a date.
func weekday(b []byte) []byte {
	w, n := word(b)
	if n == 0 {
		return nil
	}
	if months[w] != 0 && (n >= len(b) || b[n] != ',') {
		return b
	}
	if !weekdays[w] || n >= len(b) {
		return nil
	}
	return trimSpace(bytes.TrimLeft(b[n:], ",."))
}
