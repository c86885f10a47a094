/**
 * Words with which sites of other languages than English say why they take no login, as the beginnings of
 * words in small letters: German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian,
 * Polish, Czech, Russian, Ukrainian, Turkish, Finnish, Hungarian, Romanian, Indonesian, Vietnamese, Greek, and,
 * anywhere in a text, Arabic, Hebrew, Thai, Chinese, Japanese and Korean. Pure.
 */

export type RefusalTopic =
  | "credential"
  | "wrong"
  | "locked"
  | "too often"
  | "request"
  | "later"
  | "client made"
  | "interface"
  | "outdated";

/** Separated by `|`; a language a line. */
const STEMS: Readonly<Record<RefusalTopic, string>> = {
  credential: `passwort|kennwort|benutzer|nutzername|anmelde|anmeldung|zugang|konto|code
    mot de passe|identifiant|utilisateur|adresse e mail|compte
    contraseña|usuario|correo|credencial|clave|cuenta
    utente|credenziali|accesso|account|il conto|tuo conto
    senha|usuário|utilizador|credenciais|palavra passe|sua conta|a conta
    wachtwoord|gebruiker|inloggegevens|lösenord|användar|adgangskode|brugernavn|passord|brukernavn
    hasł|użytkownik|login|konta|hesl|uživatel|přihlašovac|účet
    парол|логин|пользовател|учетн|учётн|аккаунт|користувач|şifre|parola|kullanıcı|hesab
    salasana|käyttäjä|tili|jelszó|felhasználó|fiók|utilizator|contul|kata sandi|pengguna|akun|mật khẩu|tài khoản|tên đăng nhập
    κωδικ|χρήστη|λογαριασμ|كلمة المرور|اسم المستخدم|حساب|סיסמ|שם המשתמש|חשבון|รหัสผ่าน|ชื่อผู้ใช้|บัญชี
    密码|密碼|用户|用戶|账号|帳號|账户|帳戶|验证码|驗證碼|パスワード|ユーザー|アカウント|ログイン|認証|비밀번호|아이디|계정`,
  wrong:
    `falsch|ungültig|fehlgeschlagen|nicht korrekt|nicht gefunden|stimmen nicht|stimmt nicht|unbekannt
    incorrect|invalide|erroné|introuvable|inconnu|échec|échoué|ne correspond|n existe
    inválid|no válid|no son válid|no es válid|erróne|no existe|no coincide|no encontrad
    errat|non valid|non corrett|non è corrett|non è valid|sbagliat|non trovat|non esist
    incorret|não encontrad|não confere|não coincide|errad
    onjuist|ongeldig|onbekend|verkeerd|mislukt|niet gevonden
    felaktig|fel lösenord|fel användar|ogiltig|forkert|ugyldig|feil passord|feil brukernavn
    nieprawidłow|błędn|niepoprawn|nie znaleziono|nesprávn|neplatn|chybn|špatn|neexistuje
    неверн|неправильн|не найден|недействительн|не совпада|невірн|hatalı|yanlış|geçersiz|bulunamadı
    väärä|virheelli|hibás|helytelen|érvénytelen|greșit|incorectă|invalidă|salah|tidak valid|không đúng|sai
    λάθος|λανθασμέν|μη έγκυρ|غير صحيح|خاطئ|خطأ|שגוי|לא נכונ|ไม่ถูกต้อง
    错误|錯誤|不正确|不正確|不存在|有误|有誤|无效|無效|不匹配|正しくありません|正しくない|違います|違っています|間違|一致しません|無効|올바르지|잘못|틀렸|틀립|일치하지|존재하지`,
  locked: `gesperrt|deaktiviert|blockiert|bloqué|verrouillé|suspendu|désactivé
    bloquead|suspendid|desactivad|bloccat|sospeso|sospesa|disabilitat|suspenso|suspensa|desativad
    geblokkeerd|vergrendeld|spärra|låst|spærre|sperret|zablokowan|zablokov|uzamčen
    заблокирован|заблоковано|kilitlen|engellen|askıya
    lukittu|estetty|zárolt|zárolv|letiltott|letiltv|blocat|suspendat|diblokir|terkunci|bị khóa|bị khoá
    κλειδώ|κλειδωμέν|αποκλεισ|محظور|مقفل|تم حظر|تم قفل|נחסם|ננעל|נעול|ถูกล็อก|ถูกระงับ
    锁定|鎖定|冻结|凍結|封禁|被禁|ロックされ|停止され|잠겼|잠금|정지`,
  "too often":
    `zu viele|trop de tentatives|demasiad|troppi tentativi|muitas tentativas|te veel|för många
    liian mon|túl sok|prea multe|terlalu banyak|quá nhiều|πάρα πολλές|محاولات كثيرة|יותר מדי|หลายครั้งเกินไป
    for mange|zbyt wiele|příliš mnoho|слишком много|занадто багато|çok fazla
    次数过多|次數過多|频繁|頻繁|回数|너무 많`,
  request: `fehlt|fehlend|erforderlich|pflichtfeld|darf nicht leer|muss ausgefüllt
    obligatoire|requis|manquant|ne doit pas être vide|obligatori|requerid|richiest|mancante|obrigatóri
    verplicht|vereist|ontbreekt|krävs|saknas|wymagan|brakuje|brak pola|povinn|обязательн|обов язков|отсутств|zorunlu|gerekli
    不能为空|不能為空|必填|缺少|必須|必要です|入力してください|필수|입력해`,
  "client made":
    `signatur|prüfsumme|zeitstempel|horodatage|somme de contrôle|firma digital|la firma|firma no|firma non|firma inv
    assinatura|handtekening|podpis|подпис|контрольн|imza|allekirjoitus|aláírás|semnătur|chữ ký|υπογραφ|توقيع|חתימ|ลายเซ็น
    签名|簽名|簽章|时间戳|時間戳|校验|校驗|署名|タイムスタンプ|チェックサム|서명|타임스탬프`,
  interface:
    `version|versión|versão|versie|wersj|verze|verzi|верси|версі|sürüm|versiun|phiên bản|έκδοσ|إصدار|גרס|เวอร์ชัน
    anwendung|schnittstelle|aplicaci|aplicativo|applicazione|aplikacj|приложени|客户端|客戶端|版本|接口|バージョン|アプリ|버전|앱`,
  outdated:
    `veraltet|zu alt|nicht mehr|nicht unterstützt|aktualisier|obsol|trop ancien|périm|plus pris|mettre à jour
    desactualiz|demasiado antigu|no compatible|actualic|actualiz|troppo vecchi|non supportat|non è più|aggiorna
    desatualiz|muito antig|não suportad|atualiz|verouderd|te oud|niet meer|föråldra|för gammal|forældet|utdatert
    przestarzał|nieobsługiwan|zastaral|устарел|не поддерж|обнов|застаріл|оновіть|eski|güncelle|vanhentu|elavult|lỗi thời|ξεπερασ
    过低|過低|过旧|過舊|太旧|不支持|不支援|升级|升級|更新|古い|サポートされて|アップデート|오래|지원되지|업데이트`,
  later:
    `bevor|wird|werden|sera|serait|avant|antes|será|prima di|verrà|sarà|wordt|voordat|zanim|zostanie|будет
    将被|將被|される前|될 수`,
};

const WORDS = new Map(
  (Object.entries(STEMS) as [RefusalTopic, string][])
    .map(([topic, text]) => [topic, text.split(/[|\n]/).map((stem) => stem.trim())]),
);

/** Where in `words`, texts in small letters with single spaces, the topic is first spoken of; -1: nowhere. */
export function foreignIndex(words: string, topic: RefusalTopic): number {
  const found = WORDS.get(topic)!.map((stem) => indexOfStem(words, stem)).filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

/** Chinese, Japanese and Korean run words together. */
function indexOfStem(words: string, stem: string): number {
  if (/^[\p{Script=Latin}\p{Script=Cyrillic}]/u.test(stem)) return ` ${words}`.indexOf(` ${stem}`);
  return words.indexOf(stem);
}
