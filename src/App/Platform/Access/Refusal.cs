namespace Laurel.App.Platform.Access;

/// <summary>Refusals that programs read: problem details (RFC 9457).</summary>
internal static class Refusal
{
    public static Task Write(HttpContext context, int status, string detail) =>
        Results.Problem(detail: detail, statusCode: status).ExecuteAsync(context);
}
