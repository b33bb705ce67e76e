import { IconArrowDown, IconArrowUp, IconCheck, IconDots, IconPencil, IconPlugConnected, IconTrash, IconX } from '@tabler/icons-react'
import type { OidcProvider } from '../../../contract/oidc.ts'
import type { Answer } from '../../kernel/call.ts'
import { lookUp, useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Providers.module.css'
import { providerTexts } from './provider-texts.ts'

type Props = { provider: OidcProvider; order: readonly string[]; onEdit: () => void }
const renews = ['GET /api/oidc-providers', 'GET /api/sign-in/providers'] as const

export function ProviderCard({ provider, order, onEdit }: Props) {
  const t = useTexts(providerTexts)
  const { name, enabled } = provider
  const params = { id: provider.id }
  const test = useSend('POST /api/oidc-providers/:id/test', { onProblem: toastProblem })
  const on = useSend('POST /api/oidc-providers/:id/enable', {
    renews,
    onDone: () => void toast(t('enabled', { name })),
    onProblem: toastProblem,
  })
  const off = useSend('POST /api/oidc-providers/:id/disable', {
    renews,
    onDone: () => void toast(t('disabled', { name })),
    onProblem: toastProblem,
  })
  const turn = enabled ? off : on
  return (
    <article className={styles.card}>
      <header>
        <div className="grow">
          <h2>{name}</h2>
          <p className="dim">{provider.issuer}</p>
        </div>
        <CardMenu provider={provider} order={order} onEdit={onEdit} />
      </header>
      <div className={styles.line}>
        <Badge tone={enabled ? 'good' : 'plain'}>{t(enabled ? 'on' : 'off')}</Badge>
        <span className="dim">{t('people', { count: provider.people })}</span>
        {provider.domains.map((domain) => (
          <span key={domain} className="dim">
            {domain}
          </span>
        ))}
      </div>
      <Copyable label={t('redirect')} address={provider.redirectUri} />
      <div className={styles.actions}>
        <Button look={enabled ? 'quiet' : 'main'} busy={turn.isPending} onClick={() => turn.mutate({ params })}>
          {t(enabled ? 'disable' : 'enable')}
        </Button>
        <Button icon={<IconPlugConnected size={16} />} busy={test.isPending} onClick={() => test.mutate({ params })}>
          {t('test')}
        </Button>
      </div>
      {test.data && <Steps told={test.data} />}
    </article>
  )
}

export function Copyable({ label, address }: { label: string; address: string }) {
  const t = useTexts(providerTexts)
  const copy = async () => {
    await navigator.clipboard.writeText(address)
    toast(t('copied'))
  }
  return (
    <div className={styles.address}>
      <span className="dim">{label}</span>
      <code>{address}</code>
      {window.isSecureContext && (
        <Button look="plain" onClick={() => void copy()}>
          {t('copy')}
        </Button>
      )}
    </div>
  )
}

function Steps({ told }: { told: Answer<'POST /api/oidc-providers/:id/test'> }) {
  const t = useTexts(providerTexts)
  const language = useLanguage()
  const words = ({ step, code, message }: (typeof told.steps)[number]) =>
    lookUp(providerTexts, `step.${step}.${code}`, { message, count: Number(message) || 0 }, language) ?? message
  return (
    <ul className={styles.steps} aria-live="polite">
      {told.steps.map((step) => (
        <li key={step.step} data-ok={step.ok ? 'yes' : 'no'}>
          {step.ok ? <IconCheck size={16} /> : <IconX size={16} />}
          <span>{words(step)}</span>
        </li>
      ))}
      <li>
        <strong>{t(told.ok ? 'testGood' : 'testBad')}</strong>
      </li>
    </ul>
  )
}

function CardMenu({ provider, order, onEdit }: Props) {
  const t = useTexts(providerTexts)
  const { id, name } = provider
  const [confirm, question] = useConfirm()
  const move = useSend('PUT /api/oidc-providers/order', { renews, onProblem: toastProblem })
  const remove = useSend('DELETE /api/oidc-providers/:id', {
    renews,
    onDone: () => void toast(t('removed', { name })),
    onProblem: toastProblem,
  })
  const at = order.indexOf(id)
  const moveTo = (to: number) => {
    const rest = order.filter((one) => one !== id)
    move.mutate({ body: { ids: [...rest.slice(0, to), id, ...rest.slice(to)] } })
  }
  const ask = async () => {
    if (await confirm({ title: t('removeTitle', { name }), text: t('removeText'), action: t('remove'), danger: true }))
      remove.mutate({ params: { id } })
  }
  const icon = { size: 16, stroke: 1.7 }
  return (
    <span className="row">
      <Button icon={<IconPencil size={16} />} onClick={onEdit}>
        {t('edit')}
      </Button>
      <Menu
        end
        target={<IconButton label={`${t('more')}: ${name}`} icon={<IconDots size={18} />} size={30} />}
        entries={[
          at > 0 && { key: 'up', label: t('up'), icon: <IconArrowUp {...icon} />, run: () => moveTo(at - 1) },
          at < order.length - 1 && { key: 'down', label: t('down'), icon: <IconArrowDown {...icon} />, run: () => moveTo(at + 1) },
          {
            key: 'remove',
            label: t('remove'),
            icon: <IconTrash {...icon} />,
            danger: true,
            disabled: provider.enabled,
            run: () => void ask(),
          },
        ]}
      />
      {question}
    </span>
  )
}
