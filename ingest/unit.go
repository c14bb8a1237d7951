package ingest

import (
	"strings"
	"unicode"
)

// Percent is the unit of a number that is shown times a hundred.
const Percent = "percent"

// symbols are the currency signs that mean one currency by themselves or by custom; $ is read as US dollars, ¥ as yen.
var symbols = []struct{ sign, unit string }{
	{"US$", "USD"}, {"A$", "AUD"}, {"C$", "CAD"}, {"R$", "BRL"}, {"HK$", "HKD"}, {"NZ$", "NZD"},
	{"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}, {"₹", "INR"}, {"₽", "RUB"}, {"₩", "KRW"}, {"₺", "TRY"},
	{"₪", "ILS"}, {"₫", "VND"}, {"฿", "THB"}, {"₴", "UAH"}, {"₦", "NGN"}, {"₱", "PHP"}, {"zł", "PLN"}, {"Kč", "CZK"}, {"Ft", "HUF"},
}

// currencies are the ISO 4217 codes that are read as such beside a number.
var currencies = words("AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KWD MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR")

// measures are the other units that are read beside a number or in a header.
var measures = words("kg g mg t lb lbs oz km m cm mm mi ft in km/h mph m/s °C °F K kWh MWh GWh Wh kW MW GW W V A Hz kHz MHz GHz ms µs ns s sec min h hrs B kB KB MB GB TB KiB MiB GiB l L ml hl m² m³ km² ha bar hPa Pa kPa ppm ppb dB lx pts px bps mbps Mbit/s rpm kr")

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// unitBefore reads a currency in front of a number and returns it and its length in bytes.
func unitBefore(b []byte) (string, int) {
	if len(b) == 0 || b[0] >= '0' && b[0] <= '9' || b[0] == '.' || b[0] == ',' {
		return "", 0
	}
	for _, s := range symbols {
		if len(b) > len(s.sign) && string(b[:len(s.sign)]) == s.sign {
			return s.unit, len(s.sign)
		}
	}
	if len(b) > 3 && currencies[string(b[:3])] {
		return string(b[:3]), 3
	}
	return "", 0
}

// unitAfter reads a unit behind a number, "" when it is none.
func unitAfter(b []byte) string {
	if len(b) == 1 && b[0] == '%' {
		return Percent
	}
	for _, s := range symbols {
		if string(b) == s.sign {
			return s.unit
		}
	}
	if currencies[string(b)] || measures[string(b)] {
		return string(b)
	}
	return ""
}

// isCurrency says whether a unit is one of money.
func isCurrency(unit string) bool { return currencies[unit] }

// headerUnit reads the unit that a column's name gives its numbers: in brackets, or a currency or per cent sign at its
// end.
func headerUnit(name string) string {
	name = strings.TrimSpace(name)
	if i := strings.LastIndexAny(name, "(["); i >= 0 && (strings.HasSuffix(name, ")") || strings.HasSuffix(name, "]")) {
		inner := strings.TrimSpace(name[i+1 : len(name)-1])
		inner = strings.TrimPrefix(inner, "in ")
		if strings.EqualFold(inner, "percent") || strings.EqualFold(inner, "per cent") {
			return Percent
		}
		return unitAfter([]byte(inner))
	}
	last := name
	if i := strings.LastIndexFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '_' }); i >= 0 {
		last = strings.TrimLeft(name[i:], " _\t")
		if u := unitAfter([]byte(last)); u == Percent || isCurrency(u) {
			return u
		}
	}
	if strings.HasSuffix(last, "%") {
		return Percent
	}
	if strings.HasSuffix(last, "€") {
		return "EUR"
	}
	return ""
}
