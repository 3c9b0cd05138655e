using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Timing;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Registers the services of forwarding.</summary>
internal static class ForwardingExtensions
{
    public static void AddForwarding(this IServiceCollection services, ForwardingSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Timing);
        services.AddSingleton(_ => CreateForwarder());
        services.AddSingleton<CallObservers>();
        services.AddSingleton<Upstream>();
        services.AddSingleton(new BodyMemory(settings.BodyMemory));
        services.AddSingleton<UpstreamFailures>();
        services.AddSingleton<PhaseTimers>();
        services.AddSingleton<OverheadTelemetry>();
        services.AddSingleton<UpstreamForwarder>();
    }

    /// <summary>Puts observers around those that were registered before: they are told of the same steps of a call.</summary>
    /// <param name="services">The services.</param>
    /// <param name="wrap">Makes them, from those before.</param>
    public static void WrapCallObservers(this IServiceCollection services, Func<IServiceProvider, CallObservers, CallObservers> wrap)
    {
        var before = services.Last(service => service.ServiceType == typeof(CallObservers));
        services.AddSingleton(provider => wrap(provider, before.ImplementationFactory is { } make
            ? (CallObservers)make(provider)
            : (CallObservers)ActivatorUtilities.CreateInstance(provider, before.ImplementationType!)));
    }

    // YARP logs the whole target of each request, with a query that may hold a key. It gets no logger at all: filters can be configured away.
    private static IHttpForwarder CreateForwarder() => new ServiceCollection()
        .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddHttpForwarder()
        .BuildServiceProvider()
        .GetRequiredService<IHttpForwarder>();
}
