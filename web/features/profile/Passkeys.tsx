import { IconFingerprint, IconTrash } from '@tabler/icons-react'
import { type SyntheticEvent, useState } from 'react'
import type { Answer } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { renew, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { addPasskey, canPasskey } from '../sessions/passkey.ts'
import type { Refused } from './FreshSignIn.tsx'
import styles from './Profile.module.css'
import { profileTexts } from './texts.ts'

type Row = Answer<'GET /api/me/security'>['passkeys'][number]

export function Passkeys({ passkeys, refused }: { passkeys: readonly Row[]; refused: Refused }) {
  const t = useTexts(profileTexts)
  const { date, relative } = useFormats()
  const [adding, setAdding] = useState(false)
  const [confirm, dialog] = useConfirm()
  const remove = useSend('DELETE /api/me/passkeys/:id', { renews: ['GET /api/me/security'], onProblem: refused })
  const askToRemove = async (row: Row) => {
    if (
      await confirm({
        title: t('passkeyRemoveTitle'),
        text: t('passkeyRemoveText', { name: row.name }),
        action: t('removeIt'),
        danger: true,
      })
    )
      remove.mutate({ params: { id: row.id } })
  }
  return (
    <Section
      title={t('passkeysTitle')}
      lead={t('passkeysText')}
      actions={canPasskey() && <Button onClick={() => setAdding(true)}>{t('passkeyAdd')}</Button>}
    >
      {passkeys.length === 0 ? (
        <p className="dim">{t(canPasskey() ? 'passkeysNone' : 'passkeysCannot')}</p>
      ) : (
        <ul className={styles.rows}>
          {passkeys.map((row) => (
            <li key={row.id}>
              <IconFingerprint size={20} stroke={1.7} aria-hidden="true" />
              <span className={styles.what}>
                <span>{row.name}</span>
                <span className="dim small">
                  {t('made', { date: date(row.createdAt) })} · {row.usedAt ? t('used', { when: relative(row.usedAt) }) : t('neverUsed')}
                </span>
              </span>
              <IconButton
                label={t('passkeyRemove', { name: row.name })}
                icon={<IconTrash size={18} stroke={1.7} />}
                onClick={() => void askToRemove(row)}
              />
            </li>
          ))}
        </ul>
      )}
      <Dialog title={t('passkeyAdd')} open={adding} onClose={() => setAdding(false)} size="sm">
        <AddForm refused={refused} onDone={() => setAdding(false)} />
      </Dialog>
      {dialog}
    </Section>
  )
}

function AddForm({ refused, onDone }: { refused: Refused; onDone: () => void }) {
  const t = useTexts(profileTexts)
  const [name, setName] = useState(t('passkeyDefault'))
  const [busy, setBusy] = useState(false)
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const made = await addPasskey(name.trim() || t('passkeyDefault'))
      toast(t(made ? 'passkeyAdded' : 'passkeyFailed'), { bad: !made })
      renew('GET /api/me/security')
      if (made) onDone()
    } catch (cause) {
      onDone()
      refused(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      <TextField label={t('passkeyName')} value={name} onChange={(e) => setName(e.currentTarget.value)} data-autofocus />
      <Buttons>
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button look="main" type="submit" busy={busy}>
          {t('add')}
        </Button>
      </Buttons>
    </form>
  )
}
