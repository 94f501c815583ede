"""The impersonation playbook (假冒政务新媒体处置), Article 28."""
