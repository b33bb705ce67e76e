import { Button } from './Button.tsx'
import { useConfirm } from './confirm.tsx'

type Props = { label: string; title: string; text: string; busy: boolean; onRemove: () => void }

/** For good, so it asks. */
export function RemoveButton({ label, title, text, busy, onRemove }: Props) {
  const [confirm, question] = useConfirm()
  const ask = async () => {
    if (await confirm({ title, text, action: label, danger: true })) onRemove()
  }
  return (
    <>
      <Button look="plain" busy={busy} onClick={() => void ask()}>
        {label}
      </Button>
      {question}
    </>
  )
}
