import { IconArrowLeft, IconKey, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { OidcProvider } from '../../../contract/oidc.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { ProviderCard } from './ProviderCard.tsx'
import { ProviderSheet } from './ProviderSheet.tsx'
import styles from './Providers.module.css'
import { providerTexts } from './provider-texts.ts'

/** The providers of the sign-in page, in its order. */
export function SignInProvidersPage() {
  const t = useTexts(providerTexts)
  const providers = useCall('GET /api/oidc-providers')
  const [open, setOpen] = useState<OidcProvider | 'new'>()
  const add = (
    <Button look="main" icon={<IconPlus size={16} />} onClick={() => setOpen('new')}>
      {t('add')}
    </Button>
  )
  const some = (providers.data?.items.length ?? 0) > 0
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={some && add}
      back={
        <Link to="/settings" className="dim small row">
          <IconArrowLeft size={14} />
          {t('toSettings')}
        </Link>
      }
    >
      <Loaded from={providers}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconKey size={24} />} title={t('none')} text={t('noneText')} action={add} />
          ) : (
            <div className={styles.list}>
              {items.map((provider) => (
                <ProviderCard key={provider.id} provider={provider} order={items.map(({ id }) => id)} onEdit={() => setOpen(provider)} />
              ))}
            </div>
          )
        }
      </Loaded>
      {open && <ProviderSheet {...(open === 'new' ? {} : { provider: open })} onClose={() => setOpen(undefined)} />}
    </Page>
  )
}
