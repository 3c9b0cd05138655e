using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>Counts the requests that the service has begun to answer and waits with: those that have joined whatever is under way.</summary>
internal sealed class WaitingRequests : IStartupFilter
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, service) =>
        {
            // All up to the first wait has happened when this returns.
            var answer = service(context);
            Interlocked.Increment(ref _count);
            try
            {
                await answer;
            }
            finally
            {
                Interlocked.Decrement(ref _count);
            }
        });
        next(app);
    };
}
