package dashboard

import (
	"fmt"
	"sync"

	"github.com/dashira/dashira/table"
	"github.com/dashira/dashira/table/view"
)

// views keeps one view per question, so that two selections, two viewers and two moments that ask the same share the
// partial answers behind it.
type views struct {
	mu    sync.Mutex
	tick  uint64
	byKey map[string]*keptView
	memo  *view.Memo

	schema *table.Schema // that was asked about last
	named  string        // its columns, as a part of keys
}

type keptView struct {
	view *view.View
	used uint64
}

// maxViews bounds the kept questions; a panel asks one to four.
const maxViews = 4096

func newViews(memoBytes int64) *views {
	return &views{byKey: map[string]*keptView{}, memo: view.NewMemo(memoBytes)}
}

func (v *views) get(schema *table.Schema, q view.Query) (*view.View, error) {
	asked := fmt.Sprintf("%+v", q)
	v.mu.Lock()
	defer v.mu.Unlock()
	key := v.fields(schema) + asked
	v.tick++
	if k, ok := v.byKey[key]; ok {
		k.used = v.tick
		return k.view, nil
	}
	made, err := view.New(schema, q, v.memo)
	if err != nil {
		return nil, err
	}
	if len(v.byKey) >= maxViews {
		v.forget()
	}
	v.byKey[key] = &keptView{made, v.tick}
	return made, nil
}

// fields names the columns of a schema; of the one that was asked about last it remembers how. The caller holds mu.
func (v *views) fields(schema *table.Schema) string {
	if v.schema != schema {
		v.schema, v.named = schema, fmt.Sprintf("%v|", schema.Fields())
	}
	return v.named
}

// forget drops the half that was asked longest ago.
func (v *views) forget() {
	bound := v.tick - maxViews/2
	for key, k := range v.byKey {
		if k.used < bound {
			delete(v.byKey, key)
		}
	}
}

// MemoBytes returns the memory of the partial answers that are kept.
func (m *Model) MemoBytes() int64 { return m.views.memo.Bytes() }
