namespace OpenAIProxy.AppHost;

/// <summary>Which of the two worlds this AppHost was compiled for; see eng/UseAspire.props.</summary>
internal static class World
{
    /// <summary>True for a real Aspire host, false for the stand-in in the folder Local.</summary>
    public static bool IsAspire =>
#if USE_ASPIRE
        true;
#else
        false;
#endif

    /// <summary>Says which world it is, and how to get the other.</summary>
    public static void Announce() => Console.WriteLine(IsAspire
        ? "Running with Aspire. Without it, as plain processes: UseAspire=false dotnet run --project src/AppHost"
        : "Running without Aspire, as plain processes. With it (dashboard, containers): UseAspire=true dotnet run --project src/AppHost");
}
