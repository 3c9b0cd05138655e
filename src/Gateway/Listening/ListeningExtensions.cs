namespace OpenAIProxy.Gateway.Listening;

internal static class ListeningExtensions
{
    public static void AddListening(this IServiceCollection services)
    {
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<CallLimit>();
    }
}
