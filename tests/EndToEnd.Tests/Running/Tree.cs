using System.Reflection;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>The source tree that these tests were built from, and where its build put the app.</summary>
internal static class Tree
{
    /// <summary>The folder of <c>OpenAIProxy.sln</c>.</summary>
    public static string Root => Repository.Root;

    /// <summary>Debug or Release: that of the tests, so that the app is started as it was built along with them.</summary>
    public static string Configuration { get; } = typeof(Tree).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The path of something in the tree.</summary>
    public static string PathTo(params ReadOnlySpan<string> parts) => Repository.PathTo(parts);

    /// <summary>Where the build puts a service.</summary>
    public static string OutputOf(string project) => PathTo("src", project, "bin", Configuration, "net10.0");
}
