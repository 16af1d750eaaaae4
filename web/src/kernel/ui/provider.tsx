import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { type ReactNode, useEffect } from 'react'
import { useLocale } from '@/kernel/i18n'
import { theme } from './theme'

/** Everything the components need around them: theme, words, notices and dialogs. */
export const UiProvider = ({ children }: { children: ReactNode }) => {
  const locale = useLocale()
  const isChinese = locale === 'zh-CN'
  useEffect(() => {
    dayjs.locale(isChinese ? 'zh-cn' : 'en')
  }, [isChinese])
  return (
    <ConfigProvider
      theme={theme}
      locale={isChinese ? zhCN : enUS}
      // Without this a space is put between the two characters of a Chinese button.
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <App component={false}>{children}</App>
    </ConfigProvider>
  )
}
