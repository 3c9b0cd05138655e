namespace OpenAIProxy.Gateway.Listening;

internal static class ListeningExtensions
{
    public static void AddListening(this IServiceCollection services, ListenSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<CallLimit>();
    }
}
