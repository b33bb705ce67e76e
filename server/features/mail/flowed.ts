// RFC 3676, text/plain; format=flowed: a line that ends in a space continues on the next line of the same quote depth.
// Joining across quote depths would glue "Anna wrote:" to what she wrote, so the depth is compared first.

/** Unfolds flowed lines. `delSp`: the trailing space was added by the sender and is removed. */
export function unfoldFlowed(text: string, delSp: boolean): string {
  const out: string[] = []
  let paragraph: string[] = []
  let openDepth = -1
  const close = () => {
    if (openDepth >= 0) out.push((openDepth > 0 ? `${'>'.repeat(openDepth)} ` : '') + paragraph.join(''))
    paragraph = []
    openDepth = -1
  }
  for (const line of text.split('\n')) {
    const depth = quoteDepth(line)
    let rest = line.slice(depth)
    if (rest.startsWith(' ')) rest = rest.slice(1)
    const flows = rest.endsWith(' ') && rest !== '-- '
    if (openDepth !== depth || rest === '-- ') close()
    paragraph.push(flows && delSp ? rest.slice(0, -1) : rest)
    openDepth = depth
    if (!flows) close()
  }
  close()
  return out.join('\n')
}

function quoteDepth(line: string): number {
  let depth = 0
  while (line.charCodeAt(depth) === 0x3e) depth += 1
  return depth
}
