namespace OpenAIProxy.Usage.Endpoints;

/// <summary>A row of the endpoint table.</summary>
/// <param name="Method"><c>GET</c>, <c>POST</c>; <c>WS</c> for the opening of a WebSocket; <c>*</c> where no row names the method.</param>
/// <param name="Path">
/// Without <c>/v1</c>: <c>/files/{id}</c>, where <c>{…}</c> is any one segment and a last <c>**</c> is any number of them, none included.
/// </param>
/// <param name="Name">The path family, one short word.</param>
/// <param name="Kind">How it is metered.</param>
internal sealed record EndpointRow(string Method, string Path, string Name, MeterKind Kind)
{
    /// <summary>True if it costs, and request or answer say how much.</summary>
    public bool IsMetered => Kind is not (MeterKind.Free or MeterKind.Unmetered);

    /// <summary>True if what the request's body says matters.</summary>
    public bool ReadsRequest => !IsSocket && Kind is not (MeterKind.Free or MeterKind.Unmetered or MeterKind.Batch or MeterKind.Container);

    /// <summary>True for sessions over a WebSocket.</summary>
    public bool IsSocket => Kind is MeterKind.Realtime or MeterKind.Translation or MeterKind.ResponseSocket or MeterKind.Live;
}
