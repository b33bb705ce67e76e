import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import type { Answer } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Profile.module.css'
import { TokenForm } from './TokenForm.tsx'
import { profileTexts } from './texts.ts'

type Row = Answer<'GET /api/me/security'>['tokens'][number]

/** Tokens for programs that work in my name. */
export function Tokens({ tokens }: { tokens: readonly Row[] }) {
  const t = useTexts(profileTexts)
  const [making, setMaking] = useState(false)
  const [confirm, dialog] = useConfirm()
  const revoke = useSend('DELETE /api/me/tokens/:id', {
    renews: ['GET /api/me/security'],
    onDone: () => void toast(t('tokenRevoked')),
    onProblem: toastProblem,
  })
  const askToRevoke = async (row: Row) => {
    if (
      await confirm({
        title: t('tokenRevokeTitle'),
        text: t('tokenRevokeText', { name: row.name }),
        action: t('tokenRevoke'),
        danger: true,
      })
    )
      revoke.mutate({ params: { id: row.id } })
  }
  return (
    <Section title={t('tokensTitle')} lead={t('tokensText')} actions={<Button onClick={() => setMaking(true)}>{t('tokenAdd')}</Button>}>
      {tokens.length === 0 ? (
        <p className="dim">{t('tokensNone')}</p>
      ) : (
        <ul className={styles.rows}>
          {tokens.map((row) => (
            <TokenLine key={row.id} row={row} onRevoke={() => void askToRevoke(row)} />
          ))}
        </ul>
      )}
      <Dialog title={t('tokenAdd')} open={making} onClose={() => setMaking(false)}>
        <TokenForm onClose={() => setMaking(false)} />
      </Dialog>
      {dialog}
    </Section>
  )
}

function TokenLine({ row, onRevoke }: { row: Row; onRevoke: () => void }) {
  const t = useTexts(profileTexts)
  const { date, relative } = useFormats()
  const over = row.expiresAt !== null && Date.parse(row.expiresAt) < Date.now()
  const until = row.expiresAt === null ? t('never') : t(over ? 'tokenOver' : 'tokenUntil', { date: date(row.expiresAt) })
  const scopes = row.scopes.map((scope) => lookUp(profileTexts, `scope.${scope}`) ?? scope).join(', ')
  return (
    <li>
      <IconKey size={20} stroke={1.7} aria-hidden="true" />
      <span className={styles.what}>
        <span>{row.name}</span>
        <span className="dim small">
          {[scopes, until, row.usedAt ? t('used', { when: relative(row.usedAt) }) : t('neverUsed')].join(' · ')}
        </span>
      </span>
      <Button aria-label={t('tokenRevokeOf', { name: row.name })} onClick={onRevoke}>
        {t('tokenRevoke')}
      </Button>
    </li>
  )
}
