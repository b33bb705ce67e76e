/** A real PDF of text lines: one font, as many pages as it takes (PDF 1.4, ISO 32000-1). */
export function asPdf(title: string, lines: readonly string[]): Buffer {
  const pages: string[] = []
  for (let at = 0; at < lines.length; at += 44) pages.push(pageOf(title, lines.slice(at, at + 44), pages.length + 1))
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages.map((_, i) => `${5 + i * 2} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    `<< /Title (${escaped(title)}) >>`,
    ...pages.flatMap((content, i) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${6 + i * 2} 0 R >>`,
      `<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`,
    ]),
  ]
  let file = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n'
  const places = objects.map((object, i) => {
    const place = Buffer.byteLength(file, 'latin1')
    file += `${i + 1} 0 obj\n${object}\nendobj\n`
    return place
  })
  const table = Buffer.byteLength(file, 'latin1')
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}`
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n${table}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

const escaped = (text: string) => text.replace(/[\\()]/g, (mark) => `\\${mark}`)

function pageOf(title: string, lines: readonly string[], number: number): string {
  const body = lines.map((line) => `(${escaped(line)}) Tj T*`).join('\n')
  return `BT /F1 14 Tf 56 790 Td (${escaped(title)}) Tj ET\nBT /F1 10 Tf 15 TL 56 760 Td\n${body}\nET\nBT /F1 8 Tf 56 40 Td (Page ${number}) Tj ET`
}
