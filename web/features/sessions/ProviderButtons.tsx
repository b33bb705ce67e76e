import { IconBuilding } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { call, problemIn } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { problemText } from '../../kernel/problem-texts.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem } from '../../ui/Fields.tsx'
import styles from './Door.module.css'
import { providerTexts, whyKey } from './provider-texts.ts'

/** One button for each provider, above the other ways: whoever has a company account needs nothing else. */
export function ProviderButtons() {
  const t = useTexts(providerTexts)
  const language = useLanguage()
  const { next } = useSearch({ from: '/sign-in' })
  const ways = useCall('GET /api/sign-in/providers')
  const [going, setGoing] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const go = async (id: string) => {
    setGoing(id)
    setProblem(undefined)
    try {
      const { address } = await call('POST /api/sign-in/providers/:id/start', { params: { id }, body: next ? { next } : {} })
      location.assign(address)
    } catch (cause) {
      setGoing(undefined)
      const { code, details } = problemIn(cause) ?? {}
      setProblem(
        code === 'provider_refused'
          ? t(whyKey(details?.['reason']), { provider: String(details?.['provider'] ?? '') })
          : problemText(cause),
      )
    }
  }
  if (!ways.data || ways.data.items.length === 0) return null
  return (
    <>
      <div className="stack">
        {ways.data.items.map((way) => (
          <Button key={way.id} size="sm" wide icon={<IconBuilding size={18} />} busy={going === way.id} onClick={() => void go(way.id)}>
            {language === 'de' ? way.labelDe : way.labelEn}
          </Button>
        ))}
        <FormProblem text={problem} />
      </div>
      <div className={styles.or}>{t('or')}</div>
    </>
  )
}
