namespace OpenAIProxy.Gateway.Tests;

/// <summary>The files that the tests compare with the code.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OpenAIProxy.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
