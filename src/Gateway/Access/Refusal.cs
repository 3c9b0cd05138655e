using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Access;

/// <summary>Why a request goes no further, ready to be told in OpenAI's error shape.</summary>
internal sealed record Refusal(int Status, string Code, ErrorText Message)
{
    public static readonly Refusal AddressNotAllowed = new(StatusCodes.Status403Forbidden, "ip_not_allowed",
        new ErrorText(
            "Your address may not use this gateway. Its operator decides that with Access:AllowedNetworks and Access:DeniedNetworks.",
            "不允许你的地址使用本网关。允许哪些地址，由管理员用 Access:AllowedNetworks 和 Access:DeniedNetworks 设置。"));

    public static readonly Refusal MissingKey = new(StatusCodes.Status401Unauthorized, "missing_api_key",
        new ErrorText(
            "You didn't send an API key. Send one as 'Authorization: Bearer YOUR_KEY', as header 'api-key: YOUR_KEY' or 'x-api-key: YOUR_KEY', or, for a "
            + "WebSocket from a browser, as subprotocol 'openai-insecure-api-key.YOUR_KEY' or as '?api-key=YOUR_KEY'.",
            "请求没有带 API 密钥。请用 'Authorization: Bearer 你的密钥'、请求头 'api-key: 你的密钥' 或 'x-api-key: 你的密钥' 发送；浏览器中的 WebSocket 请用子协议 'openai-insecure-api-key.你的密钥' 或 '?api-key=你的密钥'。"));

    public static readonly Refusal UnknownKey = new(StatusCodes.Status401Unauthorized, "invalid_api_key",
        new ErrorText(
            "This is not an access key of this gateway. Ask its operator for one.",
            "这不是本网关的访问密钥。请向管理员索取。"));

    public static readonly Refusal KeyDisabled = new(StatusCodes.Status401Unauthorized, "invalid_api_key",
        new ErrorText(
            "This access key is switched off. Ask the gateway's operator.",
            "这个访问密钥已停用。请联系管理员。"));

    public static readonly Refusal KeyExpired = new(StatusCodes.Status401Unauthorized, "invalid_api_key",
        new ErrorText(
            "This access key is no longer valid: its time is over. Ask the gateway's operator for another.",
            "这个访问密钥已过期。请向管理员索取新的密钥。"));

    public static readonly Refusal KeyNotAllowedFromAddress = new(StatusCodes.Status403Forbidden, "ip_not_allowed",
        new ErrorText(
            "This access key may not be used from your address. The gateway's operator decides that with the key's networks.",
            "不允许从你的地址使用这个访问密钥。允许哪些地址，由管理员用密钥的 Networks 设置。"));

    public static readonly Refusal EndpointNotAllowed = new(StatusCodes.Status403Forbidden, "endpoint_not_allowed",
        new ErrorText(
            "This access key may not call this path. The gateway's operator decides that with the key's endpoints.",
            "不允许用这个访问密钥调用这个路径。允许哪些路径，由管理员用密钥的 Endpoints 设置。"));

    public static readonly Refusal KeyWithName = new(StatusCodes.Status401Unauthorized, "invalid_api_key",
        new ErrorText(
            "This is an access key with a name before it. Send the key alone, from fk- on.",
            "这是带名字的访问密钥。请只发送密钥本身，从 fk- 开始。"));

    public static readonly Refusal CallerKeysNotAllowed = new(StatusCodes.Status401Unauthorized, "invalid_api_key",
        new ErrorText(
            "This gateway accepts only its own access keys, no OpenAI keys of callers (Access:AllowCallerKeys is false). Ask its operator for an access key.",
            "本网关只接受自己的访问密钥，不接受你自己的 OpenAI 密钥（Access:AllowCallerKeys 为 false）。请向管理员索取访问密钥。"));

    public static readonly Refusal HostNotAllowed = new(StatusCodes.Status403Forbidden, "host_not_allowed",
        new ErrorText(
            "Without a key this gateway may be called only as localhost or by its IP address, and not through a reverse proxy. The operator can set Access:AllowAnonymous=true, "
            + "or access keys (Access:Keys) for callers to show.",
            "不带密钥时，只能用 localhost 或 IP 地址访问本网关，且不能经过反向代理。管理员可以设置 Access:AllowAnonymous=true，或者设置访问密钥（Access:Keys）。"));

    public static readonly Refusal NotYourAccount = new(StatusCodes.Status403Forbidden, "billing_needs_own_key",
        new ErrorText(
            "You use the key of this gateway's operator, whose account is not shown to you, and usage of your own is not counted here. Ask with an OpenAI "
            + "key of your own.",
            "你用的是管理员的密钥，不能查看管理员的账户；本网关也没有计量你的用量。请用你自己的 OpenAI 密钥查询。"));

    public static readonly Refusal OriginNotAllowed = new(StatusCodes.Status403Forbidden, "origin_not_allowed",
        new ErrorText(
            "A page of this origin may not use the gateway without a key. The operator can list the origin in Access:AllowedOrigins "
            + "(ACCESS_CONTROL_ALLOW_ORIGIN).",
            "这个来源的网页不能不带密钥使用网关。管理员可以把来源加入 Access:AllowedOrigins（ACCESS_CONTROL_ALLOW_ORIGIN）。"));

    public static readonly Refusal AmbiguousPath = new(StatusCodes.Status400BadRequest, "ambiguous_path",
        new ErrorText(
            "The path of this request can be read in more than one way. With the gateway's key, write it plainly: no empty, '.' or '..' segments, no ';', "
            + "no backslash, no encoded slash, nothing that is encoded twice.",
            "这个请求的路径有多种解读。使用管理员的密钥时，路径中不能有空段、'.' 段或 '..' 段，不能有 ';' 和反斜杠，也不能有编码的斜杠和编码两次的内容。"));

    public static readonly Refusal AccountPathNotAllowed = new(StatusCodes.Status403Forbidden, "account_path_not_allowed",
        new ErrorText(
            "You use the key of this gateway's operator, whose account this path shows or changes. Ask with a key of your own; or its operator opens the "
            + "path by name in Access:AccountPaths.",
            "你用的是管理员的密钥，而这个路径会查看或修改管理员的账户。请用你自己的密钥，或者请管理员在 Access:AccountPaths 中按名称开放这个路径。"));

    public static readonly Refusal SessionPathNotAllowed = new(StatusCodes.Status403Forbidden, "account_path_not_allowed",
        new ErrorText(
            "You use the key of this gateway's operator, and what this path makes would be used past the gateway, where nobody counts it. Use a WebSocket "
            + "through the gateway, or a key of your own; or its operator opens the path by name in Access:AccountPaths.",
            "你用的是管理员的密钥，而这个路径产生的会话不经过网关，无法计量。请通过网关使用 WebSocket，或用你自己的密钥；也可以由管理员在 Access:AccountPaths 中按名称开放这个路径。"));

    /// <summary>The parameter that is wrong; null if it is none.</summary>
    public string? Param { get; init; }

    /// <summary>OpenAI's error class, where it isn't the one that goes with the status.</summary>
    public string? Type { get; init; }

    /// <summary>When what is used up begins anew, unix seconds; null if that says nothing.</summary>
    public long? ResetsAt { get; init; }

    public Task WriteAsync(HttpContext context) => OpenAIError.WriteAsync(context, Status, Code, Message, Param, Type, ResetsAt);
}
