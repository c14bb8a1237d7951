/** A small workbook of one sheet, in a zip archive without compression: enough to save one anew from a test. */
export function workbook(rows, sheet = 'Sheet1') {
  const cell = (v) =>
    typeof v === 'number' ? `<c><v>${v}</v></c>` : `<c t="inlineStr"><is><t>${escape(v)}</t></is></c>`;
  const ns = 'http://schemas.openxmlformats.org';
  const main = `${ns}/spreadsheetml/2006/main`;
  const office = `${ns}/officeDocument/2006/relationships`;
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return zip({
    '[Content_Types].xml': `${head}<Types xmlns="${ns}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="${ns}/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${ns}/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${main}"><sheetData>${rows
      .map((r) => `<row>${r.map(cell).join('')}</row>`)
      .join('')}</sheetData></worksheet>`,
  });
}

const escape = (s) => String(s).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crc32(body) {
  let c = ~0;
  for (const b of body) c = (TABLE[(c ^ b) & 255] ?? 0) ^ (c >>> 8);
  return ~c >>> 0;
}

function zip(files) {
  const parts = [];
  const entries = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const body = Buffer.from(text);
    const field = Buffer.alloc(26);
    field.writeUInt16LE(20, 0);
    field.writeUInt16LE(0x21, 8); // 1980-01-01
    field.writeUInt32LE(crc32(body), 10);
    field.writeUInt32LE(body.length, 14);
    field.writeUInt32LE(body.length, 18);
    field.writeUInt16LE(name.length, 22);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    entries.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), field, at, Buffer.from(name));
    const local = [Buffer.from('PK\x03\x04', 'latin1'), field, Buffer.from(name), body];
    parts.push(...local);
    offset += local.reduce((n, b) => n + b.length, 0);
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  const n = Object.keys(files).length;
  end.writeUInt16LE(n, 8);
  end.writeUInt16LE(n, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}
