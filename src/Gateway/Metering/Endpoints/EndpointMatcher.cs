using System.Collections.Frozen;

namespace OpenAIProxy.Gateway.Metering.Endpoints;

/// <summary>Finds the row for a request. No allocation, but for the name of an Azure deployment.</summary>
internal static class EndpointMatcher
{
    private const string WebSocket = "WS";
    private const string Any = "*";

    private static readonly Node Root = Node.Build([.. EndpointTable.Rows.Select(row => (row, Segments(row.Path)))], 0);
    private static readonly Node Unknown = Node.Build([], 0);

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
        while (TryCut(ref rest, out var segment))
        {
            // The version may come after a path of the server's own: /api/v1/chat/completions.
            if (Is(segment, "v1"))
            {
                (node, tail) = (Root, null);
                continue;
            }

            if (node == Root && Is(segment, "openai"))
            {
                deployment = CutDeployment(ref rest);
                continue;
            }

            node = node?.Next(segment);
            tail = node?.Tail ?? tail;
        }

        node = node is { HasRows: true } ? node : tail ?? Unknown;
        return node.For(isUpgrade ? WebSocket : method);
    }

    private static bool Is(ReadOnlySpan<char> segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static string? CutDeployment(ref ReadOnlySpan<char> rest)
    {
        var after = rest;
        if (TryCut(ref after, out var word) && Is(word, "deployments") && TryCut(ref after, out var name))
        {
            rest = after;
            return name.ToString();
        }

        return null;
    }

    // Empty segments are skipped: a server may take //v1//chat/completions/ for what it looks like.
    private static bool TryCut(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> segment)
    {
        rest = rest.TrimStart('/');
        var end = rest.IndexOf('/');
        segment = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        return !segment.IsEmpty;
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
            var children = deeper.Where(g => g.Key != "{}").ToFrozenDictionary(g => g.Key, g => Build([.. g], depth + 1), StringComparer.OrdinalIgnoreCase);
            var any = deeper.Where(g => g.Key == "{}").Select(g => Build([.. g], depth + 1)).FirstOrDefault();
            var tail = tails.Length == 0 ? null : new Node(NoChildren, null, null, tails);
            // A tail holds for the place where it begins too, next to the rows there.
            return new Node(Keyed(children), any, tail, own.Length == 0 ? [] : [.. own, .. tails]);
        }

        public Node? Next(ReadOnlySpan<char> segment) => _children.TryGetValue(segment, out var child) ? child : _any;

        public EndpointRow For(string method)
        {
            var fallback = MakesNothing(method) ? _free : _unmetered;
            foreach (var row in _rows)
            {
                if (row.Method == method)
                {
                    return row;
                }

                fallback = row.Method == Any && method != WebSocket ? row : fallback;
            }

            return fallback;
        }

        private static string Key(string segment) => segment.StartsWith('{') ? "{}" : segment;

        // An empty frozen dictionary has another comparer than the one that can look up spans.
        private static FrozenDictionary<string, Node> Keyed(FrozenDictionary<string, Node> children)
            => children.Count > 0 ? children : NoChildren;

        private static readonly FrozenDictionary<string, Node> NoChildren =
            new Dictionary<string, Node> { ["\0"] = null! }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
