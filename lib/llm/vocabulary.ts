/**
 * The words a model may see as they are. Everything else that stands where a value stands is hidden:
 * a list of what is harmless is finite, a list of what is secret is not. The words are those of
 * protocols (RFC 6749 and the IANA OAuth registry, OpenID Connect, HTTP), of media types, and what
 * endpoints, forms and JSON answers of logins are made of.
 */

const WORDS = new Set(
  `
  a about absolute accept access account accounts acr acs act action actions active activity actor add
  address admin after age alg algorithm alive all allow allowed alpha amr an and anonymous another any api
  apikey apis app apple application applications apps approved array as asc ascending assertion assets
  assigned at attempt attempts attribute audience auth authenticate authenticated authentication authn
  author authorization authorize authorized auto available avatar aws azure back backend backup bad base
  base64 base64url basic bearer before beta bin binary birthdate blank blocked body bool boolean bot both
  bottom browser build business button by bytes cache callback cancel cancelled captcha case catalog
  category cgi challenge change changed channel charset check checkbox checked checksum cipher claim claims
  class clear click client clients close closed cloud code codes cognito color comment common complete
  completed component config configuration confirm confirmed connect connected connection consent contact
  content context continue control cookie cookies core correct count country create created creation
  credential credentials crypto csrf ctr currency current custom customer customers cyan dark dashboard
  data date default define delete deleted delivery deny denied desc description desktop detail details
  device devices digest digit direct disable disabled discovery display do document documents does domain
  done double down download draft dynamic each edge edit editor element email else empty enable enabled
  encode encoded encrypt encrypted encryption end endpoint english enter entity entries entry env error
  errors event events every example exchange exist exists exp expired expires expiry explicit extended
  extension external facebook factor fail failed failure false federated feed fetch field fields file files
  filter final find fingerprint first flag flow folder font for forbidden force forgot form format forms
  forward found fragment free friend from frontend full function gateway gender general generate generated
  generic get github given global go google grant granted graph graphql green group groups guest guid handle
  handler has hash header headers health hello help hex hidden high hint hmac home host hosted how hs256 html
  http https iat icon id identifier identities identity idp idtoken if image images img implicit in include
  index info init initial initialize initiate inline input insert install instance int integer internal
  introspect invalid invite is iss issued issuer it item items iterations iv javascript join json jti jwk
  jwks jwt key keys kid kind label lang language last latest latin level light like limit limited line link
  links linked list load loaded loading local locale localhost location lock locked log logged login logins
  logoff logon logout logo long lookup low lower machine magic mail main manage manager manifest map mapping
  master match max may md5 me media member members menu message messages meta metadata method methods mfa
  microsoft middleware min missing mobile mode model module more move ms multipart must mutation my n name
  names native navigation nbf need needed network never new next nickname no node nonce none normal not
  notes notification notifications now null num number oauth oauth2 object obtain octet of off offline
  offset ok okta old on once one only open openid operation option optional options or order orders origin
  other otp out overview own owner page pages paging param parameter parameters params parent partner parse
  pass passcode passkey password passwords passwordless patch path payload payment pending perform
  permission permissions permitted person personal phone picture pin ping pixel pkce plain plan platform play
  please plugin policy poll pool popup port post preference preferences preferred prefix prepare present
  preview previous primary print private prod product production products profile profiles progress project
  projects prompt properties property protected protocol provider providers proxy ps256 public pull push put
  q query question queue quota r random range rate raw re read reader ready realm reason receive recent
  recovery red redirect redirected reference refresh refused region register registered registration reject
  rejected relative relay release reload remember remote remove rendering renew repeat replace reply report
  reports request requests require required resend reset resolve resource resources respond response rest
  result results resume retry return returned revoke right role roles root route router rpc rs256 rsa rule
  run runtime s safe salt same saml saml2 sample save saved schema scheme scope scopes screen script search
  second seconds secret section secure secured security see select selected self send sensitive sent server
  service services session sessions set setting settings setup sha sha1 sha256 sha384 sha512 shop short show
  side sign signature signed signin signon signout signup simple single site size skip slug small sms social
  software sort source space spa split srp sso standard start started state static status step still stop
  storage store stored string strong style sub subject submit subscription success successful successfully
  suffix sum support sync system table tag target task tasks team tel temp temporary tenant tenants test text
  textarea that the theme then there this ticket time timeout timestamp timezone title to today token tokens
  too tool tools top totp track transaction transform transport trial true trust trusted try type types ui
  unauthorized undefined under unicode unique unit universal unknown unlock until up update updated upload
  upper url urlencoded use used user userinfo username users using utc utf utf8 utf16 uuid v valid validate
  validated validation value values verified verifier verify version versions via video view viewer views
  visible visitor wait want warning was we web webapp webauthn website well welcome were when where whoami
  widget width will window with without word words work workspace world write wrong www x xhr xhtml xml xsrf
  xss yes you your zero zone zip
  js mjs css svg csv txt pdf lockout suspended deactivated many incorrect while manual
  application urn ietf params oauth grant token jwt-bearer saml2-bearer authorization_code refresh_token
  client_credentials access_token id_token token_type expires_in client_id client_secret redirect_uri
  response_type response_mode code_challenge code_challenge_method code_verifier grant_type offline_access
  form_post s256 x-www-form-urlencoded form-data octet-stream xmlhttprequest nosniff sameorigin samesite
  httponly lax strict keep-alive no-cache no-store must-revalidate max-age charset gzip deflate br zstd cors
  pbkdf2 hkdf oaep pkcs pkcs1 pkcs8 spki ecdh gcm cbc ctr kw derive bits wrap unwrap rsassa pss x25519 ed25519
  x448 ed448 subtle dsa scrypt bcrypt argon2 argon2id blowfish des tripledes rc4 chacha20 poly1305 salted
  verification antiforgery aes ecdsa decrypt v1 v2 v3
  navigate csrftoken xsrftoken sessionid phpsessid jsessionid viewstate wp php asp aspx jsp
  `.trim().split(/\s+/),
);

const HARMLESS_NUMBER = /^\d$/;
/** Names of algorithms and encodings with their size: `SHA-256`, `AES-128`, `utf-8`. */
const SIZED_NAME = /\b(sha|aes|hmac|hs|rs|es|ps|rsa|md|utf|base|p|iso|ecdsa|ed)-?\d{1,5}\b/gi;

/** True for text all of whose words are harmless: `openid profile`, `application/json`, `accessToken`. */
export function isHarmless(text: string): boolean {
  if (WORDS.has(text.toLowerCase())) return true;
  if (/[^\x20-\x7e]/.test(text) || text.length > 200) return false;
  return wordsOf(text.replace(SIZED_NAME, " ")).every((word) =>
    WORDS.has(word) || HARMLESS_NUMBER.test(word)
  );
}

/** Lower-case words; camel case and separators end one. `OAuth2` is one word, `userId` are two. */
export function wordsOf(text: string): string[] {
  return text.replace(
    /([a-z0-9])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after}`,
  )
    .replace(/\bO Auth/g, "OAuth").toLowerCase().match(/[a-z0-9]+/g) ?? [];
}
