package excel

import "strings"

// shape is what a number format makes of a number.
type shape uint8

const (
	plain shape = iota
	day
	dayTime
	clock
	lapse // hours and more than a day: [h]:mm
)

// meaning is what a number format says about the numbers under it.
type meaning struct {
	shape shape
	unit  string // "percent", or a currency
}

// builtin are the formats that a workbook may use by number only.
func builtin(id int) (meaning, bool) {
	switch {
	case id == 9 || id == 10:
		return meaning{unit: "percent"}, true
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return meaning{shape: day}, true
	case id == 22:
		return meaning{shape: dayTime}, true
	case id >= 18 && id <= 21, id == 45, id == 47, id >= 32 && id <= 35, id == 55, id == 56:
		return meaning{shape: clock}, true
	case id == 46:
		return meaning{shape: lapse}, true
	case id >= 0 && id < 164:
		return meaning{}, true
	}
	return meaning{}, false
}

// signs are currencies by what formats write for them.
var signs = map[string]string{"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY",
	"zł": "PLN", "Kč": "CZK", "R$": "BRL", "CHF": "CHF", "kr": "", "EUR": "EUR", "USD": "USD", "GBP": "GBP"}

// noParts takes words out of a format whose letters are no parts of a date.
var noParts = strings.NewReplacer("General", "", "GENERAL", "", "AM/PM", "", "am/pm", "", "A/P", "", "a/p", "")

// meaningOf reads a format's code, its first section.
func meaningOf(code string) meaning {
	var m meaning
	code = noParts.Replace(code)
	var years, days, hours, seconds, months bool
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			i = len(code)
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				i = len(code)
				break
			}
			if unit, ok := currency(code[i+1 : i+1+end]); ok {
				m.unit = unit
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				i = len(code)
				break
			}
			inner := strings.ToLower(code[i+1 : i+end])
			switch {
			case strings.Trim(inner, "h") == "" && inner != "", strings.Trim(inner, "m") == "" && inner != "", strings.Trim(inner, "s") == "" && inner != "":
				m.shape = lapse
			case strings.HasPrefix(inner, "$"):
				sign, _, _ := strings.Cut(code[i+2:i+end], "-")
				if unit, ok := currency(sign); ok {
					m.unit = unit
				}
			}
			i += end
		case '%':
			m.unit = "percent"
		case 'y', 'Y':
			years = true
		case 'e': // a year of East Asian calendars, unless it is an exponent
			years = years || i == 0 || code[i-1] != '0' && code[i-1] != '#'
		case 'd', 'D':
			days = true
		case 'h', 'H':
			hours = true
		case 's', 'S':
			seconds = true
		case 'm', 'M':
			months = true
		default:
			if c >= 0x80 || c == '$' {
				for sign, unit := range signs {
					if unit != "" && strings.HasPrefix(code[i:], sign) {
						m.unit = unit
					}
				}
			}
		}
	}
	switch {
	case m.shape == lapse:
	case years || days:
		m.shape = day
		if hours || seconds {
			m.shape = dayTime
		}
	case hours || seconds:
		m.shape = clock
	case months:
		m.shape = day
	}
	if m.shape != plain {
		m.unit = ""
	}
	return m
}

func currency(sign string) (string, bool) {
	sign = strings.TrimSpace(sign)
	if unit := signs[sign]; unit != "" {
		return unit, true
	}
	if len(sign) == 3 && sign == strings.ToUpper(sign) && isLetters(sign) {
		return sign, true
	}
	return "", false
}

func isLetters(s string) bool {
	for _, c := range s {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}
