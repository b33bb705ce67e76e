import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { Page, Section } from '../../ui/Page.tsx'
import { CardChoice } from '../setup/CardChoice.tsx'
import { FileSource } from './FileSource.tsx'
import { OtherDesk } from './OtherDesk.tsx'
import { Steps } from './Steps.tsx'
import styles from './Transfer.module.css'
import { transferTexts } from './texts.ts'

type Source = 'csv' | 'zammad' | 'glpi'

export function NewImportPage() {
  const t = useTexts(transferTexts)
  const navigate = useNavigate()
  const [source, setSource] = useState<Source>('csv')
  const open = ({ id }: { id: string }) => void navigate({ to: `/settings/imports/${id}` as never })
  return (
    <Page
      title={t('newImport')}
      back={
        <Link to={'/settings/imports' as never} className={styles.back}>
          <IconArrowLeft size={14} /> {t('back')}
        </Link>
      }
    >
      <Steps now={0} />
      <Section>
        <CardChoice
          label={t('whence')}
          name="source"
          value={source}
          onChange={setSource}
          options={(['csv', 'zammad', 'glpi'] as const).map((value) => ({ value, label: t(`source-${value}`), text: t(`${value}Text`) }))}
        />
      </Section>
      {source === 'csv' ? <FileSource onReady={open} /> : <OtherDesk key={source} source={source} onReady={open} />}
    </Page>
  )
}
