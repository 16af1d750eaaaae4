import type { ThemeConfig } from 'antd'
import { color, fontCode, fontText } from './tokens'

const still = typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches

export const theme: ThemeConfig = {
  token: {
    colorPrimary: color.primary,
    colorSuccess: color.primary,
    // Grounds are derived by lightening, which leaves so dark a green nearly as dark.
    colorSuccessBg: color.primarySoft,
    colorSuccessBorder: '#A9C9C3',
    colorInfo: color.public,
    colorWarning: color.commercial,
    colorError: color.waste,
    colorErrorText: color.wasteText,
    colorLink: color.primary,
    colorLinkHover: '#084840',
    colorText: color.ink,
    colorTextSecondary: color.secondary,
    colorTextTertiary: color.muted,
    colorTextDescription: color.muted,
    colorTextPlaceholder: color.muted,
    colorBorder: color.control,
    colorBorderSecondary: color.line,
    colorBgLayout: color.bg,
    // The same of what is chosen: derived from so dark a green one could not read on it.
    controlItemBgActive: color.primarySoft,
    controlItemBgActiveHover: '#D6E7E3',
    fontFamily: fontText,
    fontFamilyCode: fontCode,
    fontSize: 14,
    fontSizeSM: 12,
    controlHeight: 32,
    borderRadius: 6,
    borderRadiusLG: 8,
    borderRadiusSM: 4,
    boxShadow: '0 0 0 1px rgb(20 36 46 / 8%), 0 6px 20px rgb(20 36 46 / 10%)',
    boxShadowSecondary: '0 0 0 1px rgb(20 36 46 / 8%), 0 6px 20px rgb(20 36 46 / 10%)',
    motion: !still,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
  },
  components: {
    Button: {
      primaryShadow: 'none',
      defaultShadow: 'none',
      dangerShadow: 'none',
      fontWeight: 500,
      colorError: color.wasteText,
    },
    Segmented: { trackBg: '#E9EEF0', itemColor: color.secondary, itemSelectedColor: color.ink },
    Select: { optionSelectedBg: color.primarySoft, multipleItemBg: '#EAEFF1' },
    Tag: { defaultBg: '#EEF2F4', defaultColor: color.ink },
    Tooltip: { colorBgSpotlight: color.rail },
    Form: { verticalLabelPadding: '0 0 4px', itemMarginBottom: 18, colorError: color.wasteText },
    Modal: { titleFontSize: 16 },
    Tabs: { horizontalItemPadding: '10px 0', titleFontSize: 14 },
  },
}
