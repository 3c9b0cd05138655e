namespace OpenAIProxy.AppHost.Running;

internal static class WelcomeExtensions
{
    /// <summary>
    /// Shows <paramref name="welcome"/> once, as soon as all that it speaks of is ready. For an app that runs only. Nothing waits for anything
    /// else at the start: every service starts without the others, and all at the same time is sooner than one after the other.
    /// </summary>
    public static void SayWhenReady(this IDistributedApplicationBuilder builder, Welcome welcome)
    {
        var wasShown = 0;
        if (builder.ExecutionContext.IsRunMode)
        {
            // Each replica becomes ready, and so does a gateway that is started again.
            welcome.Gateway.OnResourceReady((_, ready, cancellationToken)
                => Interlocked.Exchange(ref wasShown, 1) == 0 ? welcome.ShowAsync(ready.Services, cancellationToken) : Task.CompletedTask);
        }
    }
}
