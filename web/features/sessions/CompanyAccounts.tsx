import { IconBuilding, IconTrash } from '@tabler/icons-react'
import { useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../../kernel/call.ts'
import { useFormats } from '../../kernel/formats.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './CompanyAccounts.module.css'
import { providerTexts } from './provider-texts.ts'

type Row = Answer<'GET /api/me/identities'>['items'][number]

/** The part of the profile; it shows only where the desk has a provider. `refused` leads to a fresh sign-in. */
export function CompanyAccounts({ refused }: { refused: (cause: unknown) => void }) {
  const t = useTexts(providerTexts)
  const { date, relative } = useFormats()
  const here = useRouterState({ select: (state) => state.location.pathname })
  const mine = useCall('GET /api/me/identities')
  const [going, setGoing] = useState<string>()
  const [confirm, question] = useConfirm()
  const disconnect = useSend('DELETE /api/me/identities/:id', {
    renews: ['GET /api/me/identities', 'GET /api/me'],
    onDone: () => void toast(t('disconnected')),
    onProblem: refused,
  })
  const connect = async (providerId: string) => {
    setGoing(providerId)
    try {
      const { address } = await call('POST /api/me/identities/start', { body: { providerId, next: here } })
      location.assign(address)
    } catch (cause) {
      setGoing(undefined)
      refused(cause)
    }
  }
  const ask = async (row: Row) => {
    const provider = row.provider.name
    if (await confirm({ title: t('disconnectTitle'), text: t('disconnectText', { provider }), action: t('disconnectIt'), danger: true }))
      disconnect.mutate({ params: { id: row.id } })
  }
  if (!mine.data || (mine.data.items.length === 0 && mine.data.providers.length === 0)) return null
  const { items, providers } = mine.data
  const open = providers.filter((way) => !items.some((row) => row.provider.id === way.id))
  return (
    <Section title={t('accounts')} lead={t('accountsText')}>
      {items.length === 0 && <p className="dim">{t('none')}</p>}
      <ul className={styles.rows}>
        {items.map((row) => (
          <li key={row.id}>
            <IconBuilding size={20} stroke={1.7} aria-hidden="true" />
            <span className={styles.what}>
              <span>{row.account ? `${row.provider.name} · ${row.account}` : row.provider.name}</span>
              <span className="dim small">
                {t('since', { date: date(row.connectedAt) })}
                {row.usedAt && ` · ${t('used', { when: relative(row.usedAt) })}`}
              </span>
            </span>
            <IconButton
              label={t('disconnect', { provider: row.provider.name })}
              icon={<IconTrash size={18} stroke={1.7} />}
              onClick={() => void ask(row)}
            />
          </li>
        ))}
      </ul>
      {open.length > 0 && (
        <div className={styles.open}>
          {open.map((way) => (
            <Button key={way.id} icon={<IconBuilding size={16} />} busy={going === way.id} onClick={() => void connect(way.id)}>
              {t('connectOf', { provider: way.name })}
            </Button>
          ))}
        </div>
      )}
      {question}
    </Section>
  )
}
