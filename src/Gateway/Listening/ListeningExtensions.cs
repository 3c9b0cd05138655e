namespace OpenAIProxy.Gateway.Listening;

/// <summary>Registers this room.</summary>
internal static class ListeningExtensions
{
    public static void AddListening(this IServiceCollection services)
    {
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<CallLimit>();
    }
}
