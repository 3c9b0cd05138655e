using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// Refuses requests whose end two servers could see at different places (RFC 9112 section 6.1): behind another proxy they smuggle a
/// second request in. Kestrel itself refuses differing lengths, and bare line feeds by the switch in the project file.
/// </summary>
internal static class Framing
{
    public static bool IsAmbiguous(HttpRequest request)
    {
        var encoding = request.Headers.TransferEncoding;
        return encoding.Count > 0
            // Kestrel lets a Content-Length beside Transfer-Encoding pass and hides it under this name.
            && (request.Headers.ContainsKey("X-Content-Length")
                || encoding.Count > 1 || !string.Equals(encoding[0]?.Trim(), "chunked", StringComparison.OrdinalIgnoreCase));
    }

    public static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return OpenAIError.WriteAsync(context, StatusCodes.Status400BadRequest, "bad_request_framing",
            new ErrorText(
                "The request's length is ambiguous: send either Content-Length or 'Transfer-Encoding: chunked', and no other transfer encoding.",
                "请求体的长度不明确：请只发送 Content-Length 或 'Transfer-Encoding: chunked' 其中之一，不要使用其他传输编码。"));
    }
}
