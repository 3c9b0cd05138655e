namespace OpenAIProxy.TestKit;

/// <summary>The source tree that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of <c>OpenAIProxy.sln</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>The path of something in the tree.</summary>
    public static string PathTo(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OpenAIProxy.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No OpenAIProxy.sln above {AppContext.BaseDirectory}.");
    }
}
