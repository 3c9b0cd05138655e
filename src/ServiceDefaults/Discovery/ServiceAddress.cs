using Microsoft.Extensions.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.ServiceDefaults.Discovery;

/// <summary>Where another service of the app is: <c>services:NAME:http:0</c>, as Aspire's references and compose files give it.</summary>
public static class ServiceAddress
{
    /// <summary>The address of service <paramref name="name"/>, https before http; null if there is none. Errors go to <paramref name="reader"/>.</summary>
    public static Uri? Find(IConfiguration configuration, string name, SettingsReader reader)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(reader);
        foreach (var scheme in (ReadOnlySpan<string>)["https", "http"])
        {
            var key = $"services:{name}:{scheme}:0";
            if (configuration[key] is { Length: > 0 } text)
            {
                if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https"))
                {
                    return uri;
                }

                reader.AddError($"{key} is '{text}'; allowed: an http or https address.");
            }
        }

        return null;
    }
}
