using System.Reflection;

namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>The source tree that these tests were built from, and where its build put the app.</summary>
internal static class Tree
{
    /// <summary>The folder of <c>OpenAIProxy.sln</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>Debug or Release: that of the tests, so that the app is started as it was built along with them.</summary>
    public static string Configuration { get; } = typeof(Tree).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The path of something in the tree.</summary>
    public static string PathTo(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Where the build puts a service.</summary>
    public static string OutputOf(string project) => PathTo("src", project, "bin", Configuration, "net10.0");

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
