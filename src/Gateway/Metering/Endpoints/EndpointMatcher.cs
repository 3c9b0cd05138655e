using System.Collections.Frozen;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Gateway.Metering.Endpoints;

/// <summary>Finds the row for a request. No allocation, but for the name of an Azure deployment.</summary>
internal static class EndpointMatcher
{
    private const string WebSocket = "WS";
    private const string Any = "*";
    private const string Wildcard = "{}";

    private static readonly Node Root = Node.Build([.. EndpointTable.Rows.Select(row => (row, Segments(row.Path)))], 0);
    private static readonly Node Unknown = Node.Build([], 0);

    // What is metered, the longest paths first: no server's own path in front of one makes it free.
    private static readonly (EndpointRow Row, string[] Segments)[] Metered =
        [.. EndpointTable.Rows.Where(row => row.IsMetered).Select(row => (row, Segments(row.Path))).OrderByDescending(r => r.Item2.Length)];

    // These cost nothing at paths that the table doesn't know.
    private static bool MakesNothing(string method) => method is "GET" or "HEAD" or "DELETE" or "OPTIONS";

    /// <summary>Finds it; there is always one.</summary>
    /// <param name="method">The method; case counts, as on the wire.</param>
    /// <param name="isUpgrade">True for the opening of a WebSocket.</param>
    /// <param name="path">The path in its normal form, with or without <c>/v1</c> or Azure's <c>/openai/deployments/{name}</c>, without a route prefix.</param>
    /// <param name="deployment">The name of the Azure deployment, which is what asks for a model there; else null.</param>
    public static EndpointRow Find(string method, bool isUpgrade, ReadOnlySpan<char> path, out string? deployment)
    {
        deployment = null;
        Node? node = Root;
        Node? tail = null;
        var rest = path;
        while (PathSegments.TryCut(ref rest, out var segment))
        {
            // The version may come after a path of the server's own: /api/v1/chat/completions.
            if (Is(segment, "v1"))
            {
                node = Root;
                tail = null;
                continue;
            }

            if (Is(segment, "openai") || (node == Root && Is(segment, "deployments")))
            {
                if (TryCutDeployment(segment, ref rest, out var name))
                {
                    deployment = name;
                    node = Root;
                    tail = null;
                    continue;
                }

                if (node == Root && Is(segment, "openai"))
                {
                    continue;
                }
            }

            node = node?.Next(segment);
            tail = node?.Tail ?? tail;
        }

        node = node is { HasRows: true } ? node : tail ?? Unknown;
        var wanted = isUpgrade ? WebSocket : method;
        var row = node.For(wanted);
        // Reading at a known path is what its row says, whatever the id is.
        return row.IsMetered || (MakesNothing(wanted) && node != Unknown) ? row : ByEnding(wanted, path) ?? row;
    }

    private static bool Is(ReadOnlySpan<char> segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);

    // /openai/deployments/{name}; without /openai where the upstream's base address has it.
    private static bool TryCutDeployment(scoped ReadOnlySpan<char> first, ref ReadOnlySpan<char> rest, out string? name)
    {
        name = null;
        var after = rest;
        if (!Is(first, "deployments") && !(PathSegments.TryCut(ref after, out var word) && Is(word, "deployments")))
        {
            return false;
        }

        if (!PathSegments.TryCut(ref after, out var segment))
        {
            return false;
        }

        name = segment.ToString();
        rest = after;
        return true;
    }

    private static EndpointRow? ByEnding(string method, ReadOnlySpan<char> path)
    {
        foreach (var (row, segments) in Metered)
        {
            if (row.Method == method && EndsWith(path, segments))
            {
                return row;
            }
        }

        return null;
    }

    private static bool EndsWith(ReadOnlySpan<char> path, string[] segments)
    {
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            path = path.TrimEnd('/');
            var segment = path[(path.LastIndexOf('/') + 1)..];
            if (segment.IsEmpty || !(segments[i].StartsWith('{') || Is(segment, segments[i])))
            {
                return false;
            }

            path = path[..^segment.Length];
        }

        return true;
    }

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private sealed class Node
    {
        private readonly FrozenDictionary<string, Node>.AlternateLookup<ReadOnlySpan<char>> _children;
        private readonly Node? _any;
        private readonly EndpointRow[] _rows;
        private readonly EndpointRow _free;
        private readonly EndpointRow _unmetered;

        private Node(FrozenDictionary<string, Node> children, Node? any, Node? tail, EndpointRow[] rows)
        {
            _children = children.GetAlternateLookup<ReadOnlySpan<char>>();
            _any = any;
            _rows = rows;
            Tail = tail;
            var (path, name) = rows.Length > 0 ? (rows[0].Path, rows[0].Name) : ("**", EndpointTable.Other);
            _free = new EndpointRow(Any, path, name, MeterKind.Free);
            _unmetered = new EndpointRow(Any, path, name, MeterKind.Unmetered);
        }

        public bool HasRows => _rows.Length > 0;

        /// <summary>What counts for everything from here on that has no rows of its own.</summary>
        public Node? Tail { get; }

        public static Node Build((EndpointRow Row, string[] Segments)[] rows, int depth)
        {
            var tails = rows.Where(r => r.Segments.Length == depth + 1 && r.Segments[depth] == "**").Select(r => r.Row).ToArray();
            var own = rows.Where(r => r.Segments.Length == depth).Select(r => r.Row).ToArray();
            var deeper = rows.Where(r => r.Segments.Length > depth && r.Segments[depth] != "**").GroupBy(r => Key(r.Segments[depth])).ToArray();
            var children = deeper.Where(g => g.Key != Wildcard).ToFrozenDictionary(g => g.Key, g => Build([.. g], depth + 1), StringComparer.OrdinalIgnoreCase);
            var any = deeper.Where(g => g.Key == Wildcard).Select(g => Build([.. g], depth + 1)).FirstOrDefault();
            var tail = tails.Length == 0 ? null : new Node(NoChildren, null, null, tails);
            // A tail holds for the place where it begins too, next to the rows there.
            return new Node(Keyed(children), any, tail, own.Length == 0 ? [] : [.. own, .. tails]);
        }

        public Node? Next(ReadOnlySpan<char> segment) => _children.TryGetValue(segment, out var child) ? child : _any;

        public EndpointRow For(string method)
        {
            foreach (var row in _rows)
            {
                if (row.Method == method)
                {
                    return row;
                }
            }

            return MakesNothing(method) ? _free : _unmetered;
        }

        private static string Key(string segment) => segment.StartsWith('{') ? Wildcard : segment;

        // An empty frozen dictionary has another comparer than the one that can look up spans.
        private static FrozenDictionary<string, Node> Keyed(FrozenDictionary<string, Node> children)
            => children.Count > 0 ? children : NoChildren;

        private static readonly FrozenDictionary<string, Node> NoChildren =
            new Dictionary<string, Node> { ["\0"] = null! }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
