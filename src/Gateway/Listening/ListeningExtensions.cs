namespace OpenAIProxy.Gateway.Listening;

internal static class ListeningExtensions
{
    public static void AddListening(this IServiceCollection services, ListenSettings settings, HttpsSettings https)
    {
        services.AddSingleton(settings);
        services.AddSingleton(https);
        services.AddSingleton<TlsCertificate>();
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<CallLimit>();
    }
}
