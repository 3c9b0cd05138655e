using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Access;

/// <summary>Why a request goes no further, ready to be told in OpenAI's error shape.</summary>
internal sealed record Refusal(int Status, string Code, string Message)
{
    public static readonly Refusal AddressNotAllowed = new(StatusCodes.Status403Forbidden, "ip_not_allowed",
        "Your address may not use this gateway. Its operator decides that with Access:AllowedNetworks and Access:DeniedNetworks.");

    public static readonly Refusal MissingKey = new(StatusCodes.Status401Unauthorized, "missing_api_key",
        "You didn't send an API key. Send one as 'Authorization: Bearer YOUR_KEY', as header 'api-key: YOUR_KEY' or 'x-api-key: YOUR_KEY', or, for a "
        + "WebSocket from a browser, as subprotocol 'openai-insecure-api-key.YOUR_KEY' or as '?api-key=YOUR_KEY'.");

    public static readonly Refusal UnknownKey = new(StatusCodes.Status401Unauthorized, "invalid_api_key",
        "This is not an access key of this gateway. Ask its operator for one.");

    public static readonly Refusal CallerKeysNotAllowed = new(StatusCodes.Status401Unauthorized, "invalid_api_key",
        "This gateway accepts only its own access keys, no OpenAI keys of callers (Access:AllowCallerKeys is false). Ask its operator for an access key.");

    public static readonly Refusal HostNotAllowed = new(StatusCodes.Status403Forbidden, "host_not_allowed",
        "Without a key this gateway may be called only as localhost or by its IP address, and not through a reverse proxy. The operator can set Access:AllowAnonymous=true, "
        + "or access keys (Access:Keys) for callers to show.");

    public static readonly Refusal NotYourAccount = new(StatusCodes.Status403Forbidden, "billing_needs_own_key",
        "You use the key of this gateway's operator, whose account is not shown to you, and usage of your own is not counted here. Ask with an OpenAI "
        + "key of your own.");

    public static readonly Refusal OriginNotAllowed = new(StatusCodes.Status403Forbidden, "origin_not_allowed",
        "A page of this origin may not use the gateway without a key. The operator can list the origin in Access:AllowedOrigins "
        + "(ACCESS_CONTROL_ALLOW_ORIGIN).");

    public static readonly Refusal AmbiguousPath = new(StatusCodes.Status400BadRequest, "ambiguous_path",
        "The path of this request can be read in more than one way. With the gateway's key, write it plainly: no empty, '.' or '..' segments, no ';', "
        + "no backslash, no encoded slash, nothing that is encoded twice.");

    public static readonly Refusal AccountPathNotAllowed = new(StatusCodes.Status403Forbidden, "account_path_not_allowed",
        "You use the key of this gateway's operator, whose account this path shows or changes. Ask with a key of your own; or its operator opens the "
        + "path by name in Access:AccountPaths.");

    public static readonly Refusal SessionPathNotAllowed = new(StatusCodes.Status403Forbidden, "account_path_not_allowed",
        "You use the key of this gateway's operator, and what this path makes would be used past the gateway, where nobody counts it. Use a WebSocket "
        + "through the gateway, or a key of your own; or its operator opens the path by name in Access:AccountPaths.");

    public Task WriteAsync(HttpContext context) => OpenAIError.WriteAsync(context, Status, Code, Message);
}
