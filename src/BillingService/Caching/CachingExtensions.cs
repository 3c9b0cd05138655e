namespace OpenAIProxy.BillingService.Caching;

internal static class CachingExtensions
{
    public static void AddCaching(this IServiceCollection services, CacheSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<RedisGate>();
        services.AddSingleton<SharedSecret>();
        services.AddSingleton<RedisAnswers>();
        services.AddSingleton<MemoryAnswers>();
        services.AddSingleton<CacheTimes>();
        services.AddSingleton<AnswerCache>();
    }
}
