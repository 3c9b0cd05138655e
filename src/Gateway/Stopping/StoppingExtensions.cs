using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Stopping;

internal static class StoppingExtensions
{
    public static void AddGracefulStop(this IServiceCollection services, ForwardingSettings settings)
    {
        services.AddSingleton<GracefulStop>();
        services.AddHostedService(s => s.GetRequiredService<GracefulStop>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.DrainTimeout + GracefulStop.RestOfTheStop);
    }
}
