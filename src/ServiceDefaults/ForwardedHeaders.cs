using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace OpenAIProxy.ServiceDefaults;

/// <summary>Undoes what <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED=true</c> does: believing whoever sends an X-Forwarded-For header.</summary>
internal static class ForwardedHeaders
{
    public static void RemoveForwardedHeaders(this IServiceCollection services)
    {
        foreach (var filter in services.Where(s => s.ServiceType == typeof(IStartupFilter)
            && s.ImplementationType?.Name == "ForwardedHeadersStartupFilter").ToArray())
        {
            services.Remove(filter);
        }
    }
}
