/** Matches stand between U+0002 and U+0003 in what the server sends. */
export function Snippet({ text }: { text: string }) {
  return text.split('\u0002').map((part, i) => {
    const [match, rest] = i === 0 ? ['', part] : part.split('\u0003')
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one fixed text
      <span key={i}>
        {match && <mark>{match}</mark>}
        {rest}
      </span>
    )
  })
}
