using System.Net.Sockets;
using System.Security.Authentication;

namespace OpenAIProxy.ServiceDefaults.Http;

/// <summary>Why a connection failed, in an operator's words instead of .NET's names.</summary>
public static class ConnectionFailure
{
    /// <summary>The reason in one line, without secrets: <c>connection refused</c>, <c>no such host</c>, <c>TLS: the certificate has expired …</c>.</summary>
    public static string Describe(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        for (var e = exception; e is not null; e = e.InnerException)
        {
            var reason = e switch
            {
                SocketException socket => Describe(socket),
                AuthenticationException => "TLS: " + DescribeTls(e.Message),
                TimeoutException => "no answer in time",
                _ => null,
            };
            if (reason is not null)
            {
                return reason;
            }
        }

        return exception.GetBaseException().Message;
    }

    private static string Describe(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData => "no such host",
        SocketError.TryAgain => "the name server doesn't answer",
        SocketError.TimedOut => "no answer in time",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "the connection was reset",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown => "no route to the host",
        SocketError.TooManyOpenSockets => "too many open files (ulimit -n)",
        SocketError.AccessDenied => "not allowed, maybe by a firewall",
        _ => e.Message,
    };

    // The remote certificate is invalid because of errors in the certificate chain: NotTimeValid
    private static string DescribeTls(string message)
    {
        if (message.Contains("NotTimeValid", StringComparison.Ordinal))
        {
            return "the certificate has expired, or this machine's clock is wrong";
        }

        if (message.Contains("RemoteCertificateNameMismatch", StringComparison.Ordinal))
        {
            return "the certificate is for another host name";
        }

        if (message.Contains("UntrustedRoot", StringComparison.Ordinal) || message.Contains("PartialChain", StringComparison.Ordinal))
        {
            return "the certificate's issuer is not trusted on this machine";
        }

        return message.Contains("Revoked", StringComparison.Ordinal) ? "the certificate is revoked" : message;
    }
}
