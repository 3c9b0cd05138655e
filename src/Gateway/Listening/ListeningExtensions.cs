namespace OpenAIProxy.Gateway.Listening;

/// <summary>Registers the limits of connections and calls.</summary>
internal static class ListeningExtensions
{
    public static void AddListening(this IServiceCollection services)
    {
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<CallLimit>();
    }
}
