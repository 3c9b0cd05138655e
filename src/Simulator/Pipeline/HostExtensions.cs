using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenAIProxy.Simulator.Configuration;

namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>Sockets without limits, and a silent host that stops at once.</summary>
internal static class HostExtensions
{
    public static void ConfigureSockets(this WebApplicationBuilder builder, SimulatorOptions options)
    {
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null)
        {
            builder.WebHost.UseUrls("http://localhost:8999");
        }

        // There may be answers that never end, and none of them is worth waiting for.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(e => e.Protocols = options.Http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);

            // Bytes above 127 in header values arrive and leave as they are.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;

            var limits = kestrel.Limits;
            limits.MaxRequestBodySize = null;
            limits.MinRequestBodyDataRate = null;
            limits.MinResponseDataRate = null;
            limits.MaxRequestLineSize = 64 * 1024;
            limits.MaxRequestHeadersTotalSize = 128 * 1024;
            limits.MaxRequestHeaderCount = 1000;
            limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
            limits.Http2.MaxStreamsPerConnection = 1000;
            limits.Http2.InitialConnectionWindowSize = 8 * 1024 * 1024;
            limits.Http2.InitialStreamWindowSize = 4 * 1024 * 1024;
        });
    }

    /// <summary>No log, unless <c>Logging:LogLevel:Default</c> asks for Debug or more: a line per request would cost more than its answer.</summary>
    public static void ConfigureLogging(this WebApplicationBuilder builder)
    {
        if (!Enum.TryParse<LogLevel>(builder.Configuration["Logging:LogLevel:Default"], ignoreCase: true, out var level) || level > LogLevel.Debug)
        {
            builder.Logging.ClearProviders();
        }
    }
}
