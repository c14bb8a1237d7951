package manifest

import (
	"strings"
)

// unitWords are the units that a column's name may carry, as they are displayed. Currencies are ISO 4217 codes.
var unitWords = map[string]string{
	"eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR", "usd": "USD", "dollar": "USD", "dollars": "USD", "$": "USD", "us$": "USD", "gbp": "GBP", "£": "GBP",
	"chf": "CHF", "jpy": "JPY", "¥": "JPY", "yen": "JPY", "cny": "CNY", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK", "huf": "HUF",
	"cad": "CAD", "aud": "AUD", "nzd": "NZD", "inr": "INR", "₹": "INR", "brl": "BRL", "mxn": "MXN", "zar": "ZAR", "krw": "KRW", "sgd": "SGD", "hkd": "HKD",
	"%": "%", "pct": "%", "percent": "%", "prozent": "%",
	"ms": "ms", "msec": "ms", "millis": "ms", "milliseconds": "ms", "µs": "µs", "us": "µs", "s": "s", "sec": "s", "secs": "s", "seconds": "s",
	"min": "min", "mins": "min", "minutes": "min", "h": "h", "hr": "h", "hrs": "h", "hours": "h", "d": "d", "days": "days",
	"b": "B", "bytes": "bytes", "kb": "KB", "mb": "MB", "gb": "GB", "tb": "TB", "kib": "KiB", "mib": "MiB", "gib": "GiB",
	"mm": "mm", "cm": "cm", "m": "m", "meters": "m", "metres": "m", "km": "km", "kilometers": "km", "kilometres": "km", "miles": "mi", "mi": "mi", "ft": "ft", "feet": "ft", "in": "in", "inches": "in",
	"mg": "mg", "g": "g", "grams": "g", "kg": "kg", "kilograms": "kg", "lb": "lb", "lbs": "lb", "tons": "t", "tonnes": "t", "t": "t",
	"ml": "ml", "l": "l", "liters": "l", "litres": "l", "m2": "m²", "m²": "m²", "sqm": "m²", "m3": "m³", "m³": "m³", "ha": "ha", "sqft": "sq ft",
	"km/h": "km/h", "kmh": "km/h", "kph": "km/h", "mph": "mph", "m/s": "m/s", "knots": "kn", "kts": "kn", "kn": "kn", "rpm": "rpm",
	"°c": "°C", "celsius": "°C", "c": "°C", "°f": "°F", "fahrenheit": "°F", "f": "°F", "k": "K", "kelvin": "K",
	"w": "W", "kw": "kW", "mw": "MW", "kwh": "kWh", "mwh": "MWh", "v": "V", "mv": "mV", "kv": "kV", "wh": "Wh", "gwh": "GWh", "gw": "GW", "hz": "Hz", "khz": "kHz", "mhz": "MHz", "ghz": "GHz",
	"pa": "Pa", "hpa": "hPa", "kpa": "kPa", "bar": "bar", "psi": "psi", "mbar": "mbar", "ppm": "ppm", "ppb": "ppb", "db": "dB", "kcal": "kcal", "kj": "kJ", "bpm": "bpm",
	"µg/m³": "µg/m³", "ug/m3": "µg/m³", "mg/l": "mg/l", "mmhg": "mmHg", "deg": "°", "degrees": "°", "°": "°",
}

// shortUnits are units of one or two letters, or with a second meaning, that count at the end of a snake_case name
// only after a word for what they measure: "temp_c" is in °C, "vitamin_c" and "price_min" are not units.
var shortUnits = map[string]string{
	"c": "temp temperature dewpoint", "f": "temp temperature dewpoint", "k": "temp temperature",
	"m": "height width length depth distance elevation altitude radius range", "in": "", "mi": "distance length range",
	"s": "time duration latency elapsed delay wait uptime", "h": "time duration elapsed uptime", "d": "", "min": "time duration elapsed delay wait running runtime",
	"g": "weight mass", "t": "weight mass", "l": "volume capacity", "b": "size", "w": "power", "v": "voltage", "k_": "",
	"us": "time duration latency elapsed", "ha": "area", "pa": "pressure", "bar": "pressure", "db": "level noise gain", "deg": "", "tons": "weight mass load", "days": "time duration lead age delay wait", "hours": "time duration lead age delay wait", "minutes": "time duration delay wait", "seconds": "time duration delay wait",
}

// splitUnit takes a unit off the name of a numeric column: "Amount (EUR)", "Cost Total $", "Speed IAS in knots",
// "temp_c", "discount_pct". Without one the name comes back as it was.
func splitUnit(name string) (rest, unit string) {
	name = strings.TrimSpace(name)
	for _, pair := range [...]string{"()", "[]", "{}"} {
		open := strings.LastIndexByte(name, pair[0])
		if open > 0 && strings.HasSuffix(name, pair[1:]) {
			inside := strings.ToLower(strings.TrimSpace(name[open+1 : len(name)-1]))
			inside = strings.TrimPrefix(inside, "in ")
			if u, ok := unitWords[inside]; ok {
				return strings.TrimSpace(name[:open]), u
			}
		}
	}
	for _, symbol := range [...]string{"$", "€", "£", "¥", "₹", "%"} {
		if before, ok := strings.CutSuffix(name, symbol); ok && strings.TrimSpace(before) != "" {
			before = strings.TrimRight(before, " _-,")
			return strings.TrimRight(strings.TrimSuffix(before, " in"), " _-,"), unitWords[symbol]
		}
	}
	cut := strings.LastIndexAny(name, " _-.,")
	if cut <= 0 {
		return name, ""
	}
	last := strings.ToLower(name[cut+1:])
	u, ok := unitWords[last]
	if !ok {
		return name, ""
	}
	before := strings.TrimRight(name[:cut], " _-.,")
	lead := words(before)
	if len(lead) > 1 && lead[len(lead)-1] == "in" {
		in := strings.TrimRight(before[:len(before)-2], " _-.,")
		return in, u
	}
	if after, short := shortUnits[last]; short && (len(lead) == 0 || !strings.Contains(" "+after+" ", " "+lead[len(lead)-1]+" ")) {
		return name, ""
	}
	if len(lead) == 0 || lead[len(lead)-1] == "per" || lead[len(lead)-1] == "of" {
		return name, ""
	}
	return before, u
}

// currency says whether a unit is a currency.
func currency(unit string) bool {
	if len(unit) != 3 {
		return false
	}
	for i := range 3 {
		if unit[i] < 'A' || unit[i] > 'Z' {
			return false
		}
	}
	return true
}
