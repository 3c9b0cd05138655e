using System.Reflection;
using System.Text.RegularExpressions;
using NetArchTest.Rules;

namespace OpenAIProxy.TestKit;

/// <summary>Finds the namespaces of a project that know themselves by way of others.</summary>
public static class NamespaceCircles
{
    /// <summary>The namespaces in circles, without <paramref name="root"/> in front.</summary>
    /// <param name="assembly">The project.</param>
    /// <param name="root">The namespace that all of them begin with.</param>
    public static IReadOnlyList<string> Find(Assembly assembly, string root)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(root);
        var namespaces = assembly.GetTypes().Where(type => IsOf(type, root)).GroupBy(type => type.Namespace!)
            .ToDictionary(n => n.Key, n => n.Select(t => t.FullName!).ToArray());
        var known = namespaces.Keys.ToDictionary(n => n, n => namespaces.Keys.Where(other => other != n && Knows(assembly, n, namespaces[other])).ToHashSet());

        // What is known by way of others, too.
        foreach (var (between, beyond) in known)
        {
            foreach (var reached in known.Values.Where(reached => reached.Contains(between)))
            {
                reached.UnionWith(beyond);
            }
        }

        return [.. known.Where(n => n.Value.Contains(n.Key)).Select(n => n.Key[root.Length..])];
    }

    /// <summary>True for a type of the project that stands by itself.</summary>
    public static bool IsOf(Type type, string root)
    {
        ArgumentNullException.ThrowIfNull(type);
        return !type.IsNested && type.Namespace?.StartsWith(root, StringComparison.Ordinal) == true;
    }

    private static bool Knows(Assembly assembly, string name, string[] types)
        => Types.InAssembly(assembly).That().ResideInNamespaceMatching($"^{Regex.Escape(name)}$").And().HaveDependencyOnAny(types).GetTypes().Any();
}
