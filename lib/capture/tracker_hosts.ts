/**
 * Hosts and paths of analytics, advertising, error reporting, session replay, consent banners and of the
 * browsers' own background traffic. Collected from these services' public documentation. Hosts that also serve logins
 * (`facebook.com`, `google.com`, `linkedin.com`, …) are listed with a path, never as a whole. Bot
 * checks (reCAPTCHA, Turnstile) are not here: that a login needs one must be seen.
 */

/** A host and all hosts below it. */
export const TRACKER_HOSTS: ReadonlySet<string> = new Set(
  `
  2mdn.net 33across.com 6sc.co a-mo.net acuityplatform.com adform.net adnxs.com adroll.com adsafeprotected.com
  adsrvr.org adsymptotic.com adtrafficquality.google advertising.com agkn.com aimtell.com airbrake.io
  amazon-adsystem.com amplitude.com analytics.google.com analytics.tiktok.com analytics.yahoo.com
  ads.linkedin.com ads.pinterest.com ads.reddit.com ads-twitter.com ads.yahoo.com adservice.google.com
  app-measurement.com appcenter.ms appsflyer.com appsflyersdk.com aptrinsic.com bam.nr-data.net
  bat.bing.com beacon.krxd.net bidswitch.net bizible.com bluekai.com braze.com branch.io bugsnag.com c.bing.com
  casalemedia.com chartbeat.com chartbeat.net clarity.ms clevertap-prod.com clicktale.net clickcease.com
  cloudflareinsights.com connect.facebook.net contentsquare.net conversantmedia.com cookiebot.com cookielaw.org
  cookieyes.com crashlytics.com crazyegg.com criteo.com criteo.net crwdcntrl.net customer.io datadoghq-browser-agent.com
  browser-intake-datadoghq.com browser-intake-datadoghq.eu demdex.net didomi.io doubleclick.net doubleverify.com
  dynatrace.com everesttech.net exelator.com eyeota.net fls.doubleclick.net fullstory.com
  getclicky.com glassboxdigital.io go-mpulse.net googleadservices.com google-analytics.com googlesyndication.com
  googletagmanager.com googletagservices.com gumgum.com heapanalytics.com heap-api.com hotjar.com hotjar.io
  hs-analytics.net hs-banner.com hs-scripts.com hsadspixel.net id5-sync.com imrworldwide.com innovid.com
  inspectlet.com instana.io iterable.com js-agent.newrelic.com keen.io kissmetrics.io klaviyo.com kochava.com
  leadfeeder.com lfeeder.com liveramp.com logr-ingest.com logrocket.com logrocket.io lr-ingest.io luckyorange.com
  marketo.net mathtag.com matomo.cloud media.net mixpanel.com ml314.com mookie1.com moatads.com mouseflow.com mpeasylink.com
  mparticle.com newrelic.com nr-data.net omtrdc.net onesignal.com onetrust.com onetrust.io openx.net
  optimizely.com outbrain.com parsely.com pendo.io permutive.com pingdom.net piwik.pro plausible.io
  posthog.com pubmatic.com px.ads.linkedin.com quantcast.com quantserve.com quantummetric.com raygun.io
  rlcdn.com rollbar.com rubiconproject.com rudderstack.com rum.browser-intake-datadoghq.com scorecardresearch.com segment.com segment.io
  sentry-cdn.com ingest.sentry.io ingest.us.sentry.io ingest.de.sentry.io sharethrough.com simpleanalyticscdn.com singular.net
  sitescout.com smartadserver.com smartlook.com snap.licdn.com snowplowanalytics.com snowplow.io spotxchange.com
  sc-static.net tr.snapchat.com statcounter.com statsigapi.net steelhousemedia.com stackadapt.com
  taboola.com tapad.com tealiumiq.com tiqcdn.com trackjs.com treasuredata.com tremorhub.com tribalfusion.com
  truste.com trustarc.com turn.com umami.is usabilla.com usefathom.com usercentrics.eu
  userzoom.com visualwebsiteoptimizer.com vwo.com walkme.com webtrends.com woopra.com yieldmo.com
  mc.yandex.ru yandexmetrica.com zemanta.com zqtk.net hm.baidu.com cnzz.com umeng.com
  clients2.google.com clientservices.googleapis.com content-autofill.googleapis.com edgedl.me.gvt1.com
  optimizationguide-pa.googleapis.com safebrowsing.googleapis.com safebrowsing.google.com update.googleapis.com
  detectportal.firefox.com firefox.settings.services.mozilla.com incoming.telemetry.mozilla.org
  location.services.mozilla.com push.services.mozilla.com contile.services.mozilla.com
  browser.events.data.msn.com vortex.data.microsoft.com browser.pipe.aria.microsoft.com
  dc.services.visualstudio.com in.applicationinsights.azure.com
`.trim().split(/\s+/),
);

/** Hosts (and those below them) that track under certain paths only. */
export const TRACKER_PATHS: readonly { readonly host: string; readonly path: RegExp }[] = [
  { host: "facebook.com", path: /^\/(?:tr|privacy_sandbox)(?:\/|$)/ },
  {
    host: "google.com",
    path: /^\/(?:ccm|pagead|gen_204|log|ads\/ga-audiences|g\/collect)(?:\/|$)/,
  },
  { host: "linkedin.com", path: /^\/(?:px|li\/track|collect)(?:\/|$)/ },
  { host: "twitter.com", path: /^\/i\/(?:adsct|jot)(?:\/|$)/ },
  { host: "x.com", path: /^\/i\/(?:adsct|jot)(?:\/|$)/ },
  { host: "pinterest.com", path: /^\/v3(?:\/|$)/ },
  { host: "reddit.com", path: /^\/(?:rp\.gif|events\/v)/ },
  { host: "tiktok.com", path: /^\/i18n\/pixel\// },
  { host: "youtube.com", path: /^\/(?:api\/stats|ptracking|pagead)(?:\/|$)/ },
  { host: "sentry.io", path: /^\/api\/\d+\/(?:envelope|store|security)\// },
];

/** Paths under which a site may serve a known collector from its own host. */
export const OWN_HOST_TRACKER_PATH = new RegExp(
  "^/(?:" + [
    "cdn-cgi/(?:rum|zaraz|beacon)",
    "_vercel/(?:insights|speed-insights)",
    "gtag/js",
    "gtm\\.js",
    "(?:matomo|piwik)\\.(?:php|js)",
    "b/ss",
    "ingest/(?:e|decide|flags|i/v0/e)",
    "api/\\d+/envelope",
    "\\.well-known/appspecific",
  ].join("|") + ")(?:/|$)",
);
