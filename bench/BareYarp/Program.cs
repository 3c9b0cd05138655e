using System.Diagnostics;
using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

// What the gateway is measured against: YARP as its documentation sets it up, and with --direct its bare forwarder.
// Two things differ from the defaults, neither of which costs time: fewer logs, and room for uploads beyond 30 MB.
var builder = WebApplication.CreateBuilder(args);
var upstream = builder.Configuration["Upstream"] ?? throw new InvalidOperationException("--Upstream=http://… is missing.");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);

if (args.Contains("--direct"))
{
    builder.Services.AddHttpForwarder();
    var app = builder.Build();
    using var client = new HttpMessageInvoker(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(15),
    });
    var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
    app.Map("/{**path}", async context => await forwarder.SendAsync(context, upstream, client, ForwarderRequestConfig.Empty, HttpTransformer.Empty));
    app.Run();
}
else
{
    builder.Services.AddReverseProxy().LoadFromMemory(
        [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "{**path}" } }],
        [new ClusterConfig { ClusterId = "upstream", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = upstream } } }]);
    var app = builder.Build();
    app.MapReverseProxy();
    app.Run();
}
