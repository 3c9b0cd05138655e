namespace OpenAIProxy.BillingService.Caching;

/// <summary>Registers the cache of results.</summary>
internal static class CachingServices
{
    public static void AddCaching(this IServiceCollection services)
    {
        services.AddSingleton<RedisGate>();
        services.AddSingleton<SharedSecret>();
        services.AddSingleton<RedisAnswers>();
        services.AddSingleton<MemoryAnswers>();
        services.AddSingleton<CacheTimes>();
        services.AddSingleton<AnswerCache>();
    }
}
