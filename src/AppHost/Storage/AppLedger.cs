namespace OpenAIProxy.AppHost.Storage;

/// <summary>The ledger as it was chosen.</summary>
/// <param name="Resource">The PostgreSQL, as the resource <c>ledger</c>; null: a SQLite file.</param>
/// <param name="File">The SQLite file; null: there is a <paramref name="Resource"/>, or the billing service is told elsewhere (<c>Ledger:File</c>).</param>
/// <param name="Description">What it is, for whoever started the app.</param>
internal sealed record AppLedger(IResourceBuilder<IResourceWithConnectionString>? Resource, string? File, string Description);
