package manifest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/dashira/dashira/table"
)

// orders is a table as a shop has it: each row an order, with its moment, its parts and its money.
func orders(t *testing.T) *table.Table {
	t.Helper()
	seed := uint32(7)
	next := func(n int) int {
		seed = seed*1_664_525 + 1_013_904_223
		return int(seed>>8) % n
	}
	pick := func(words ...string) string { return words[min(next(len(words)), next(len(words)))] }
	products := make([]string, 24)
	for i := range products {
		products[i] = fmt.Sprintf("%s %s", []string{"Oak", "Pine", "Steel", "Glass"}[i%4], []string{"table", "chair", "lamp", "shelf", "desk", "bench"}[i/4])
	}
	at := 0
	return lines(t, repeat("order_id,ordered_at,status,region,channel,product,customer_id,quantity,unit_price_eur,amount_eur,discount_pct,is_gift,rating,currency,note", 3000, func(i int) string {
		at += next(400)
		price, quantity := 5+next(300), 1+min(next(6), next(6))
		rating := ""
		if next(3) > 0 {
			rating = fmt.Sprint(5 - min(next(5), next(5)))
		}
		return fmt.Sprintf("%d,2023-%02d-%02d %02d:%02d,%s,%s,%s,%s,%d,%d,%d.90,%d.80,%s,%v,%s,EUR,", 100_000+i,
			at/60/24/28%12+1, at/60/24%28+1, at/60%24, at%60, pick("delivered", "shipped", "paid", "returned", "cancelled"),
			pick("North", "South", "East", "West", "Overseas"), pick("web", "shop", "phone"), pick(products...), 1+next(400),
			quantity, price, price*quantity, pick("0", "5", "10", "15", "20", "25"), next(9) == 0, rating)
	}))
}

// quotes is a table of prices by day and ticker, as exchanges publish them.
func quotes(t *testing.T) *table.Table {
	t.Helper()
	seed := uint32(3)
	next := func(n int) int {
		seed = seed*1_664_525 + 1_013_904_223
		return int(seed>>8) % n
	}
	price := [4]int{4000, 2500, 9000, 1200}
	return lines(t, repeat("ticker,date,open,high,low,close,volume", 4*260, func(i int) string {
		k, day := i%4, i/4
		open := price[k]
		price[k] += next(101) - 49
		high, low := max(open, price[k])+next(30), min(open, price[k])-next(30)
		return fmt.Sprintf("%s,%s,%d.%02d,%d.%02d,%d.%02d,%d.%02d,%d", []string{"ABC", "DEF", "GHI", "JKL"}[k],
			time.Date(2024, 1, 1+day/5*7+day%5, 0, 0, 0, 0, time.UTC).Format("2006-01-02"),
			open/100, open%100, high/100, high%100, low/100, low%100, price[k]/100, price[k]%100, 10_000+next(90_000))
	}))
}
